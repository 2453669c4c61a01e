package dev.hindsight.cpu.paging;

/** The TLBs of one {@link PagingContext}, one for each {@link Privilege}. */
public final class AddressSpace {
  private final int number;
  private final Tlb user;
  private final Tlb supervisor;
  private final Tlb supervisorAc;
  private PagingContext context;
  private int pins;
  private long lastUse;

  AddressSpace(int number, PagingContext context, int capacity) {
    this.number = number;
    this.context = context;
    user = new Tlb(this, Privilege.USER, capacity);
    supervisor = new Tlb(this, Privilege.SUPERVISOR, capacity);
    supervisorAc = new Tlb(this, Privilege.SUPERVISOR_AC, capacity);
  }

  /** Number among the spaces of a machine, 0 to 63. */
  int number() {
    return number;
  }

  /** What it translates for. */
  public PagingContext context() {
    return context;
  }

  /** The TLB for a privilege. Without SMAP there is one only for supervisors. */
  public Tlb tlb(Privilege privilege) {
    return switch (privilege) {
      case USER -> user;
      case SUPERVISOR -> context.smap() ? supervisor : supervisorAc;
      case SUPERVISOR_AC -> supervisorAc;
    };
  }

  void reuseFor(PagingContext other) {
    context = other;
    clear();
  }

  void clear() {
    user.clear();
    supervisor.clear();
    supervisorAc.clear();
  }

  boolean dropRange(long start, long length) {
    boolean any = user.dropRange(start, length);
    any |= supervisor.dropRange(start, length);
    any |= supervisorAc.dropRange(start, length);
    return any;
  }

  void forgetCode() {
    user.forgetCode();
    supervisor.forgetCode();
    supervisorAc.forgetCode();
  }

  void revokeWrites() {
    user.revokeWrites();
    supervisor.revokeWrites();
    supervisorAc.revokeWrites();
  }

  void revokeWrites(long physicalPage) {
    user.revokeWrites(physicalPage);
    supervisor.revokeWrites(physicalPage);
    supervisorAc.revokeWrites(physicalPage);
  }

  void revokeAll(long physicalPage) {
    user.revokeAll(physicalPage);
    supervisor.revokeAll(physicalPage);
    supervisorAc.revokeAll(physicalPage);
  }

  void revoke(long linearPage) {
    user.revoke(linearPage);
    supervisor.revoke(linearPage);
    supervisorAc.revoke(linearPage);
  }

  void revokeAll() {
    user.revokeAll();
    supervisor.revokeAll();
    supervisorAc.revokeAll();
  }

  /** A vCPU runs in it: it must not be given to another context. */
  void pin() {
    pins++;
  }

  /** A vCPU has left it. */
  void unpin(long now) {
    pins--;
    lastUse = now;
  }

  boolean pinned() {
    return pins > 0;
  }

  /** Order of last use among the unpinned. */
  long lastUse() {
    return lastUse;
  }
}
