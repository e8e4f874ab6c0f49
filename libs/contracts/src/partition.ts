/** How many partitions each public event is spread over. Fixed: consumers and subjects are laid out by it. */
export const PARTITION_COUNT = 4;

const utf8 = new TextEncoder();

/**
 * The partition of a key, 0 to PARTITION_COUNT - 1, the same in every language that follows the recipe:
 * FNV-1a of 32 bits over the UTF-8 bytes, then MurmurHash3's final mix (FNV's low bits alone cluster), modulo the count.
 */
export function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % PARTITION_COUNT;
}
