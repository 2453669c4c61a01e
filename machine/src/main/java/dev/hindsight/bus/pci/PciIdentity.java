package dev.hindsight.bus.pci;

/**
 * What a function is, as its header says (PCI 3.0, 6.2.1).
 *
 * @param vendor vendor ID
 * @param device device ID
 * @param classCode class, subclass and programming interface: 0x010000 is a SCSI controller
 * @param revision revision ID
 * @param subsystemVendor subsystem vendor ID
 * @param subsystem subsystem ID
 * @param interruptPin 1 to 4 for INTA# to INTD#, 0 for none
 */
public record PciIdentity(
    int vendor,
    int device,
    int classCode,
    int revision,
    int subsystemVendor,
    int subsystem,
    int interruptPin) {}
