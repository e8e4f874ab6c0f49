import type { CodedRefusal } from '@tollwire/contracts';
import { unreachable } from '@tollwire/core';
import type { LifeRefusal } from '../domain/plan-life.ts';
import type { RateDeckRefusal } from '../domain/rate-deck.ts';
import type { RetailPlanRefusal } from '../domain/retail-plan.ts';
import type { NameTaken } from '../domain/sell-terms.ts';
import type { VoipPlanRefusal } from '../domain/voip-plan.ts';

/** As many as a person reads; all of them are facts. */
const NAMED_MAX = 5;

function named(users: readonly string[]): string {
  const more = users.length - NAMED_MAX;
  return `${users.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Why a plan is not as asked for, as everybody is told. */
export function planRefusalOf(refusal: NameTaken | LifeRefusal | RetailPlanRefusal | VoipPlanRefusal): CodedRefusal {
  switch (refusal.code) {
    case 'name_taken':
      return {
        code: 'name_taken', field: 'name', facts: { id: String(refusal.id) },
        detail: `Plan ${refusal.id} has this name and is another one; choose a name that is free.`,
      };
    case 'unknown_plan':
      return { code: 'unknown_plan', field: refusal.field, facts: { id: String(refusal.id) }, detail: `There is no plan ${refusal.id}; create it first.` };
    case 'plan_in_use':
      return {
        code: 'plan_in_use', field: 'id', facts: { users: refusal.users.join(', ') },
        detail: `The plan is used by ${named(refusal.users)}; take it out there first.`,
      };
    case 'too_many_bans':
      return { code: 'too_many_items', field: 'banPlanIds', detail: `The ban plans of a plan have at most ${refusal.bansMax} prefixes together; ban shorter ones.` };
    default:
      return unreachable(refusal);
  }
}

/** Why a deck is not as asked for, as everybody is told. */
export function deckRefusalOf(refusal: RateDeckRefusal): CodedRefusal {
  switch (refusal.code) {
    case 'unknown_deck':
      return { code: 'unknown_deck', field: 'digest', detail: 'No version with this digest was imported for this plan.' };
    case 'deck_empty':
      return { code: 'deck_empty', detail: 'No row of the file could be taken; look at the errors of the import.' };
    case 'deck_base_superseded':
      return {
        code: 'deck_base_superseded',
        facts: { baseVersion: String(refusal.baseVersion), versionInForce: String(refusal.versionInForce) },
        detail: `The deck was imported on top of version ${refusal.baseVersion}, which is not in force then; import the file again.`,
      };
    case 'deck_start_taken':
      return {
        code: 'deck_start_taken', field: 'validFromUs', facts: { version: String(refusal.version) },
        detail: `Version ${refusal.version} begins at that instant; choose another.`,
      };
    case 'deck_not_approved':
      return { code: 'deck_not_approved', field: 'digest', detail: 'Approve the version first, or activate it without onlyIfApproved.' };
    case 'deck_rejected':
      return { code: 'deck_rejected', field: 'digest', detail: 'The version was rejected; approve it first if that was wrong.' };
    case 'deck_in_force':
      return { code: 'deck_in_force', field: 'digest', detail: 'The version is in force or scheduled; roll it back or withdraw it.' };
    case 'own_approval':
      return {
        code: 'own_approval', field: 'by', facts: { importedBy: refusal.importedBy },
        detail: `${refusal.importedBy} imported the version; another person has to approve it.`,
      };
    case 'nothing_to_roll_back':
      return { code: 'nothing_to_roll_back', detail: 'Nothing is in force, or no other version was before; activate the one that is wanted.' };
    case 'not_in_force':
      return { code: 'not_in_force', field: 'digest', detail: 'The version is neither in force nor scheduled, so there is nothing to withdraw.' };
    default:
      return unreachable(refusal);
  }
}
