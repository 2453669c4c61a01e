package dev.hindsight.bench.interpreter.shape;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Generates the classes of the shapes, one for each kind or form of operation. */
final class OperationClasses {
  private static final ClassDesc CPU = SyntheticCpu.class.describeConstable().orElseThrow();
  private static final ClassDesc WORK = Work.class.describeConstable().orElseThrow();
  private static final ClassDesc OPERATION =
      SyntheticOperation.class.describeConstable().orElseThrow();
  private static final ClassDesc SWITCHED =
      SwitchedOperations.class.describeConstable().orElseThrow();
  private static final ClassDesc INT = ConstantDescs.CD_int;
  private static final ClassDesc LONG = ConstantDescs.CD_long;
  private static final ClassDesc VOID = ConstantDescs.CD_void;
  private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(VOID, INT, INT, INT, LONG);
  private static final MethodTypeDesc EXECUTE = MethodTypeDesc.of(VOID, CPU);
  private static final MethodTypeDesc APPLY =
      MethodTypeDesc.of(VOID, CPU, INT, INT, INT, INT, LONG);
  private static final MethodTypeDesc EXECUTE_KIND =
      MethodTypeDesc.of(VOID, CPU, INT, INT, INT, LONG);

  private OperationClasses() {}

  /**
   * Makes a class of operation objects.
   *
   * @param function the function it is for, or -1 if each object says
   * @param chained whether it calls the next operation
   */
  static Constructor<? extends SyntheticOperation> operation(
      int function, int form, boolean chained) {
    String name = "Operation_" + (function < 0 ? "any" : function) + "_" + form + "_" + chained;
    ClassDesc self = name(name);
    byte[] file =
        ClassFile.of()
            .build(
                self,
                c ->
                    c.withFlags(ClassFile.ACC_FINAL)
                        .withSuperclass(OPERATION)
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            CONSTRUCTOR,
                            0,
                            b ->
                                b.aload(0)
                                    .iload(1)
                                    .iload(2)
                                    .iload(3)
                                    .lload(4)
                                    .invokespecial(OPERATION, ConstantDescs.INIT_NAME, CONSTRUCTOR)
                                    .return_())
                        .withMethodBody(
                            "execute", EXECUTE, 0, b -> execute(b, function, form, chained)));
    try {
      Constructor<? extends SyntheticOperation> constructor =
          define(file)
              .asSubclass(SyntheticOperation.class)
              .getDeclaredConstructor(int.class, int.class, int.class, long.class);
      return constructor;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(CodeBuilder b, int function, int form, boolean chained) {
    b.aload(1);
    if (function < 0) {
      b.aload(0).getfield(OPERATION, "function", INT);
    } else {
      b.loadConstant(function);
    }
    b.loadConstant(form)
        .aload(0)
        .getfield(OPERATION, "a", INT)
        .aload(0)
        .getfield(OPERATION, "b", INT)
        .aload(0)
        .getfield(OPERATION, "immediate", LONG)
        .invokestatic(WORK, "apply", APPLY);
    if (chained) {
      b.aload(0)
          .getfield(OPERATION, "next", OPERATION)
          .aload(1)
          .invokevirtual(OPERATION, "execute", EXECUTE);
    }
    b.return_();
  }

  /** Makes the switch: over groups of kinds, each of which has a method and a switch of its own. */
  static SwitchedOperations switched() {
    ClassDesc self = name("Switch");
    byte[] file =
        ClassFile.of()
            .build(
                self,
                c -> {
                  c.withFlags(ClassFile.ACC_FINAL).withSuperclass(SWITCHED);
                  c.withMethodBody(
                      ConstantDescs.INIT_NAME,
                      ConstantDescs.MTD_void,
                      0,
                      b ->
                          b.aload(0)
                              .invokespecial(
                                  SWITCHED, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                              .return_());
                  c.withMethodBody("execute", EXECUTE_KIND, 0, b -> groups(b, self));
                  for (int function = 0; function < Work.FUNCTIONS; function++) {
                    int f = function;
                    c.withMethodBody(
                        "group" + f, EXECUTE_KIND, ClassFile.ACC_STATIC, b -> group(b, f));
                  }
                });
    try {
      return define(file)
          .asSubclass(SwitchedOperations.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void groups(CodeBuilder b, ClassDesc self) {
    b.iload(2).loadConstant(Work.FORMS).idiv();
    cases(
        b,
        Work.FUNCTIONS,
        f ->
            b.aload(1)
                .iload(2)
                .iload(3)
                .iload(4)
                .lload(5)
                .invokestatic(self, "group" + f, EXECUTE_KIND));
  }

  private static void group(CodeBuilder b, int function) {
    b.iload(1).loadConstant(function * Work.FORMS).isub();
    cases(
        b,
        Work.FORMS,
        form ->
            b.aload(0)
                .loadConstant(function)
                .loadConstant(form)
                .iload(2)
                .iload(3)
                .lload(4)
                .invokestatic(WORK, "apply", APPLY));
  }

  private static void cases(CodeBuilder b, int count, Consumer<Integer> body) {
    List<SwitchCase> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cases.add(SwitchCase.of(i, b.newLabel()));
    }
    Label end = b.newLabel();
    b.tableswitch(0, count - 1, end, cases);
    for (int i = 0; i < count; i++) {
      b.labelBinding(cases.get(i).target());
      body.accept(i);
      b.return_();
    }
    b.labelBinding(end);
    b.return_();
  }

  private static ClassDesc name(String name) {
    return ClassDesc.of(OperationClasses.class.getPackageName(), name);
  }

  private static Class<?> define(byte[] file) throws IllegalAccessException {
    return MethodHandles.lookup().defineClass(file);
  }
}
