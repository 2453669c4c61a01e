package dev.hindsight.timeline.live;

import dev.hindsight.timeline.Cores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A thread for each piece of work but the first. */
public final class HostCores implements Cores {
  /** Number of processors that this process may use. */
  public static int available() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public void all(List<Work> work) throws IOException {
    List<FutureTask<Void>> others = new ArrayList<>();
    for (Work w : work.subList(1, work.size())) {
      FutureTask<Void> task =
          new FutureTask<>(() -> {
            w.run();
            return null;
          });
      others.add(task);
      Thread.ofPlatform().daemon().name("hindsight-search").start(task);
    }
    try {
      work.getFirst().run();
    } finally {
      for (FutureTask<Void> task : others) {
        join(task);
      }
    }
  }

  private static void join(FutureTask<Void> task) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true; // it works with what its caller would then give back
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case IOException io -> throw io;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IllegalStateException(e.getCause());
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
