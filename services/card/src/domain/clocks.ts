/** Clocks of instances differ by less. */
export const clocksDifferUs = 60_000_000;
