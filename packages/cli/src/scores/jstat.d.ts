// The part of jstat (which has no types of its own) that the tool uses.
declare module "jstat" {
  const jstat: {
    readonly studentt: {
      /** The probability of a value up to `x` at `dof` degrees of freedom. */
      cdf(x: number, dof: number): number;
      /** The value below which the share `p` lies. */
      inv(p: number, dof: number): number;
    };
  };
  export default jstat;
}
