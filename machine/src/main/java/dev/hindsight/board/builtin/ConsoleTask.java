package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.USER_DATA;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Reads lines, echoes what is typed, and does a few commands. */
final class ConsoleTask {
  /** The characters that were typed, up to the end of the line. */
  private static final long TYPED = USER_DATA;

  private static final int MOST_TYPED = 60;

  private static final String HELP =
      """
      help    says this
      tasks   lists the tasks: state, vCPU, how often it was switched to
      uptime  milliseconds since the start
      wait    powers off when the other tasks are done
      exit    powers off\
      """;

  private final Assembler a;
  private final UserRuntime runtime;
  private final List<String> names;
  private final Label newLine;
  private final Label prompt;
  private final Label states;

  ConsoleTask(Assembler a, UserRuntime runtime, List<String> computing) {
    this.a = a;
    this.runtime = runtime;
    this.names = new ArrayList<>(computing);
    this.names.add("trespasser");
    this.names.add("console");
    this.newLine = a.label("newLineText");
    this.prompt = a.label("prompt");
    this.states = a.label("stateNames");
  }

  void code() {
    a.bind(prompt);
    print("> ", "promptText");
    readLine();
    SequencedMap<String, Runnable> commands = new LinkedHashMap<>();
    commands.put("help", () -> printLines(HELP));
    commands.put("tasks", this::tasks);
    commands.put("uptime", this::uptime);
    commands.put("wait", () -> powerOff(1));
    commands.put("exit", () -> powerOff(0));
    commands.forEach(this::command);
    Label unknown = a.label("unknownText");
    a.cmp(ptr(RBX, TYPED).bytes(1), 0).je(prompt);
    runtime.begin();
    a.lea(RSI, ptr(unknown)).call(runtime.copyText()).call(runtime.send()).jmp(prompt);
    a.bind(unknown).asciz("no such command; try help\r\n");
    a.bind(newLine).asciz("\r\n");
  }

  /** Reads up to the end of a line and ends it with a zero byte; RBX is 0 afterwards. */
  private void readLine() {
    Label next = a.label("typeNext");
    Label erase = a.label("typeErase");
    Label end = a.label("typeEnd");
    a.xor(EBX, EBX);
    a.bind(next);
    runtime.systemCall(SystemCalls.GET_CHARACTER);
    a.cmp(AL, '\r').je(end).cmp(AL, '\n').je(end);
    a.cmp(AL, '\b').je(erase).cmp(AL, 0x7F).je(erase);
    a.cmp(AL, ' ').jb(next).cmp(EBX, MOST_TYPED).jae(next);
    a.mov(ptr(RBX, TYPED), AL).inc(EBX);
    runtime.begin();
    a.stos(1).call(runtime.send()).jmp(next);
    a.bind(erase).test(EBX, EBX).je(next).dec(EBX);
    print("\b \b", "eraseText");
    a.jmp(next);
    a.bind(end).mov(ptr(RBX, TYPED).bytes(1), 0).xor(EBX, EBX);
    runtime.begin();
    a.lea(RSI, ptr(newLine)).call(runtime.copyText()).call(runtime.send());
  }

  /** Writes code that does something and prompts again if a word was typed. */
  private void command(String word, Runnable action) {
    Label other = a.label("not-" + word);
    Label text = a.label("word-" + word);
    Label past = a.label("past-" + word);
    a.jmp(past).bind(text).asciz(word).bind(past);
    a.lea(RSI, ptr(text)).mov(EDI, TYPED).mov(ECX, word.length() + 1).rep().cmps(1).jne(other);
    action.run();
    a.jmp(prompt);
    a.bind(other);
  }

  private void print(String text, String name) {
    Label place = a.label(name);
    Label past = a.label(name + "Past");
    a.jmp(past).bind(place).asciz(text).bind(past);
    runtime.begin();
    a.lea(RSI, ptr(place)).call(runtime.copyText()).call(runtime.send());
  }

  private void printLines(String lines) {
    int number = 0;
    for (String line : lines.lines().toList()) {
      print(line + "\r\n", "helpText" + number++);
    }
  }

  private void uptime() {
    runtime.systemCall(SystemCalls.MILLISECONDS);
    runtime.begin();
    a.call(runtime.decimal());
    a.lea(RSI, ptr(newLine)).call(runtime.copyText()).call(runtime.send());
  }

  private void powerOff(int when) {
    a.mov(EDI, when);
    runtime.systemCall(SystemCalls.POWER_OFF);
  }

  private void tasks() {
    Label next = a.label("tasksNext");
    Label taskNames = a.label("taskNames");
    Label past = a.label("tasksPast");
    List<String> stateNames = List.of("ready", "running", "waiting", "waiting", "done", "idle");
    a.jmp(past);
    a.align(8).bind(taskNames);
    names(names, "task-");
    a.bind(states);
    names(stateNames, "state" + "-");
    a.bind(past).xor(R14D, R14D);
    a.bind(next).mov(EDI, R14D);
    runtime.systemCall(SystemCalls.TASK_INFORMATION);
    a.mov(R15, RAX);
    runtime.begin();
    a.lea(RSI, ptr(taskNames)).mov(RSI, ptr(RSI).plus(R14, 8)).call(runtime.copyText());
    runtime.append(' ');
    a.movzx(EAX, R15B).dec(EAX).lea(RSI, ptr(states)).mov(RSI, ptr(RSI).plus(RAX, 8));
    a.call(runtime.copyText());
    runtime.append(' ');
    a.mov(EAX, R15D).shr(EAX, 8).and(EAX, 0xFF).call(runtime.decimal());
    runtime.append(' ');
    a.mov(RAX, R15).shr(RAX, 32).call(runtime.decimal());
    a.lea(RSI, ptr(newLine)).call(runtime.copyText()).call(runtime.send());
    a.inc(R14D).cmp(R14D, KernelData.TASKS).jne(next);
  }

  /** A table of pointers to zero-terminated names, and the names. */
  private void names(List<String> texts, String prefix) {
    List<Label> labels = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      labels.add(a.label(prefix + i));
    }
    Label past = a.label(prefix + "end");
    labels.forEach(label -> a.datum(offset(label), 8));
    for (int i = 0; i < texts.size(); i++) {
      a.bind(labels.get(i)).asciz(texts.get(i));
    }
    a.align(8).bind(past);
  }
}
