/** Where a call is sent. */
export interface GatewayAddress {
  /** The called number as it wants it. */
  readonly number: string;
  readonly address: string;
  readonly protocol: string;
  readonly timeoutSec: number;
  /** What the switch presents there; absent: the caller's id, as it is. */
  readonly callerId?: { readonly number?: string; readonly presentation: string };
}

/** A carrier that the call may take, for a switch and for people. */
export interface RoutedCarrier extends GatewayAddress {
  /** The first of several gateways that the account may use, by its name, and the others in the order in which they are tried. */
  readonly gateway?: string;
  readonly furtherGateways?: readonly ({ readonly name: string } & GatewayAddress)[];
  readonly place: number;
  readonly carrier: string;
  readonly prefix: string;
  readonly ratePerMin: string;
  /** Of the expected call. */
  readonly price: string;
  readonly currency: string;
  /** The price as it was compared, where that is in another currency. */
  readonly converted?: { readonly price: string; readonly currency: string };
  /** Sell price less price, where both are in one currency, or exchange rates lead there. */
  readonly margin?: string;
  /** What put it first, or what decided for the carrier above. */
  readonly why: string;
  readonly reason: string;
}

export interface ExcludedCarrier {
  readonly carrier: string;
  readonly code: string;
  readonly reason: string;
  /** The facts behind the code. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Why a call has no route. */
export interface RouteRefusal {
  readonly code: string;
  /** The number that switches with numeric disconnect codes know it by. */
  readonly disconnectCode?: number;
  readonly detail: string;
  /** The JSON path of what it is about. */
  readonly field: string;
  readonly facts?: Readonly<Record<string, string>>;
}

/** What is answered of a call. */
export interface RoutedCall {
  readonly id: string;
  readonly plan?: string;
  readonly number: string;
  /** The called number in E.164 form, and the one that carriers were found by where that is another. */
  readonly e164?: string;
  readonly routedBy?: string;
  /** The caller's number, `anonymous` or `odd`. */
  readonly caller?: string;
  /** A list that marks the call. */
  readonly notice?: { readonly list: string; readonly prefix: string; readonly country?: string };
  readonly sell?: { readonly prefix: string; readonly ratePerMin: string; readonly price: string; readonly currency: string; readonly expectedSec: number };
  readonly carriers: readonly RoutedCarrier[];
  readonly excluded: readonly ExcludedCarrier[];
  /** After the attempts that were told: the carrier to go on to; null: none. */
  readonly next?: string | null;
  readonly refusal?: RouteRefusal;
}
