package dev.hindsight.device.virtio;

import dev.hindsight.bus.pci.PciSlot;
import dev.hindsight.storage.Disk;
import dev.hindsight.storage.StorageException;
import java.nio.charset.StandardCharsets;

/**
 * A virtio block device (virtio 1.2, 5.2) with one queue.
 *
 * <p>50 us after a notification all requests that are available are complete; for 1 us for each 4
 * KiB that they moved, the queue then begins nothing. A request can move up to 8,064 KiB, which is
 * what {@code size_max} and {@code seg_max} say; a larger one, one for sectors that do not exist,
 * and one that writes to a disk that is read-only, ends with VIRTIO_BLK_S_IOERR.
 *
 * <p>A {@link StorageException} of the disk passes through {@link #deadline}: the request is then
 * as it was, and its deadline is set for the same tick again.
 */
public final class VirtioBlock extends VirtioDevice<VirtioBlock.State> {
  private static final int TYPE = 2;
  private static final int CLASS_OTHER_STORAGE = 0x018000;

  private static final long FEATURE_SIZE_MAX = 1 << 1;
  private static final long FEATURE_SEG_MAX = 1 << 2;
  private static final long FEATURE_READ_ONLY = 1 << 5;
  private static final long FEATURE_BLK_SIZE = 1 << 6;
  private static final long FEATURE_FLUSH = 1 << 9;

  private static final int SIZE_MAX = 1 << 16;

  /** A chain has a header and a status beside its data. */
  private static final int SEG_MAX = QUEUE_SIZE - 2;

  private static final long MOST_BYTES = (long) SEG_MAX * SIZE_MAX;

  private static final int CONFIGURATION_LENGTH = 60;
  private static final int HEADER = 16;
  private static final int ID_BYTES = 20;

  private static final int REQUEST_IN = 0;
  private static final int REQUEST_OUT = 1;
  private static final int REQUEST_FLUSH = 4;
  private static final int REQUEST_GET_ID = 8;

  private static final byte STATUS_OK = 0;
  private static final byte STATUS_IOERR = 1;
  private static final byte STATUS_UNSUPP = 2;

  private static final Timing TIMING = new Timing(50_000, 1_000);

  private final Disk disk;

  /** A block device; what is on the disk is not part of its state. */
  public VirtioBlock(String name, PciSlot slot, Disk disk) {
    super(
        name,
        slot,
        TYPE,
        CLASS_OTHER_STORAGE,
        FEATURE_SIZE_MAX
            | FEATURE_SEG_MAX
            | FEATURE_BLK_SIZE
            | FEATURE_FLUSH
            | (disk.readOnly() ? FEATURE_READ_ONLY : 0),
        1,
        TIMING,
        deviceConfiguration(disk));
    this.disk = disk;
  }

  private static byte[] deviceConfiguration(Disk disk) {
    byte[] configuration = new byte[CONFIGURATION_LENGTH];
    GuestBytes.store(configuration, 0, 8, disk.sectors());
    GuestBytes.store(configuration, 8, 4, SIZE_MAX);
    GuestBytes.store(configuration, 12, 4, SEG_MAX);
    GuestBytes.store(configuration, 20, 4, Disk.SECTOR);
    return configuration;
  }

  /** The whole state. */
  public record State(Transport transport) {}

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  @Override
  public State save() {
    return new State(saveTransport());
  }

  @Override
  public void load(State state) {
    loadTransport(state.transport());
  }

  @Override
  long serve(int queue, DescriptorChain chain) throws BadRingException {
    if (chain.readableBytes() < HEADER || chain.writableBytes() < 1) {
      throw new BadRingException("a request without a header or a status");
    }
    byte[] header = new byte[HEADER];
    chain.read(0, header, HEADER);
    long sector = GuestBytes.load(header, 8, 8);
    return switch ((int) GuestBytes.load(header, 0, 4)) {
      case REQUEST_IN -> read(chain, sector);
      case REQUEST_OUT -> write(chain, sector);
      case REQUEST_FLUSH -> finish(chain, 0, STATUS_OK);
      case REQUEST_GET_ID -> identify(chain);
      default -> finish(chain, 0, STATUS_UNSUPP);
    };
  }

  private long read(DescriptorChain chain, long sector) {
    long length = chain.writableBytes() - 1;
    if (!exists(sector, length)) {
      return finish(chain, 0, STATUS_IOERR);
    }
    byte[] data = new byte[(int) length];
    disk.read(sector, data, 0, data.length / Disk.SECTOR);
    chain.write(0, data, data.length);
    return finish(chain, length, STATUS_OK);
  }

  private long write(DescriptorChain chain, long sector) {
    long length = chain.readableBytes() - HEADER;
    if (disk.readOnly() || !exists(sector, length)) {
      return finish(chain, 0, STATUS_IOERR);
    }
    byte[] data = new byte[(int) length];
    chain.read(HEADER, data, data.length);
    disk.write(sector, data, 0, data.length / Disk.SECTOR);
    return finish(chain, 0, STATUS_OK);
  }

  private boolean exists(long sector, long length) {
    return length <= MOST_BYTES
        && length % Disk.SECTOR == 0
        && sector >= 0
        && sector <= disk.sectors() - length / Disk.SECTOR;
  }

  private long identify(DescriptorChain chain) {
    byte[] id = new byte[(int) Math.min(ID_BYTES, chain.writableBytes() - 1)];
    byte[] serial = disk.serial().getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(serial, 0, id, 0, Math.min(serial.length, id.length));
    chain.write(0, id, id.length);
    return finish(chain, id.length, STATUS_OK);
  }

  /**
   * Writes the status, which is the last byte.
   *
   * @param filled bytes of data that were written
   * @return how many bytes are written from the first one on
   */
  private static long finish(DescriptorChain chain, long filled, byte status) {
    long data = chain.writableBytes() - 1;
    chain.write(data, new byte[] {status}, 1);
    return filled == data ? filled + 1 : filled;
  }
}
