declare const brand: unique symbol;

/** A primitive that went through its parser: `Brand<string, 'E164'>` cannot be made from any string by accident. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
