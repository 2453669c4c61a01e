package dev.hindsight.cpu.paging;

/**
 * All that translation depends on besides the structures in memory and the privilege of the access.
 *
 * @param mode the paging mode
 * @param root physical address of the root structure; 0 without paging and with PAE
 * @param pdpte0 PDPTE register 0 with PAE, else 0; so for the others
 * @param pse CR4.PSE
 * @param noExecute EFER.NXE
 * @param writeProtect CR0.WP
 * @param smep CR4.SMEP
 * @param smap CR4.SMAP
 * @param protectionKeys CR4.PKE
 * @param pkru PKRU, 0 without CR4.PKE
 */
public record PagingContext(
    PagingMode mode,
    long root,
    long pdpte0,
    long pdpte1,
    long pdpte2,
    long pdpte3,
    boolean pse,
    boolean noExecute,
    boolean writeProtect,
    boolean smep,
    boolean smap,
    boolean protectionKeys,
    int pkru) {

  long pdpte(int n) {
    return switch (n) {
      case 0 -> pdpte0;
      case 1 -> pdpte1;
      case 2 -> pdpte2;
      default -> pdpte3;
    };
  }
}
