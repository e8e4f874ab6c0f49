/** A cause of a release: its code, the name that switches give it, and what it means. */
export interface Q850Cause {
  readonly code: number;
  readonly enumeration: string;
  readonly cause: string;
}

/**
 * The cause values of ITU-T Q.850 (1–127) and 0, which switches send for "none", each on one line.
 * Enumerations are those of the switches (FreeSWITCH, Asterisk), because that is what operators search for.
 */
const ITU = `
0   UNSPECIFIED                     Unspecified. No other cause codes applicable
1   UNALLOCATED_NUMBER              Unallocated (unassigned) number
2   NO_ROUTE_TRANSIT_NET            No route to specified transit network (national use)
3   NO_ROUTE_DESTINATION            No route to destination
4   SEND_SPECIAL_TONE               Send special information tone
5   MISDIALLED_TRUNK_PREFIX         Misdialled trunk prefix (national use)
6   CHANNEL_UNACCEPTABLE            Channel unacceptable
7   CALL_AWARDED_DELIVERED          Call awarded and being delivered in an established channel
8   PREEMPTION                      Pre-emption
9   PREEMPTION_RESERVED             Pre-emption - circuit reserved for reuse
13  COMPLETED_ELSEWHERE             Call completed elsewhere
14  NUMBER_PORTED_NOT_HERE          QoR: ported number
16  NORMAL_CLEARING                 Normal call clearing
17  USER_BUSY                       User busy
18  NO_USER_RESPONSE                No user responding
19  NO_ANSWER                       No answer from user (user alerted)
20  SUBSCRIBER_ABSENT               Subscriber absent
21  CALL_REJECTED                   Call rejected
22  NUMBER_CHANGED                  Number changed
23  REDIRECTION_TO_NEW_DESTINATION  Redirection to new destination
24  REJECTED_BY_FEATURE             Call rejected due to feature at the destination
25  EXCHANGE_ROUTING_ERROR          Exchange - routing error
26  NON_SELECTED_USER_CLEARING      Non-selected user clearing
27  DESTINATION_OUT_OF_ORDER        Destination out of order
28  INVALID_NUMBER_FORMAT           Invalid number format (address incomplete)
29  FACILITY_REJECTED               Facility rejected
30  RESPONSE_TO_STATUS_ENQUIRY      Response to STATUS ENQUIRY
31  NORMAL_UNSPECIFIED              Normal, unspecified
34  NORMAL_CIRCUIT_CONGESTION       No circuit/channel available
38  NETWORK_OUT_OF_ORDER            Network out of order
39  PERMANENT_FRAME_OUT_OF_SERVICE  Permanent frame mode connection out of service
40  PERMANENT_FRAME_OPERATIONAL     Permanent frame mode connection operational
41  NORMAL_TEMPORARY_FAILURE        Temporary failure
42  SWITCH_CONGESTION               Switching equipment congestion
43  ACCESS_INFO_DISCARDED           Access information discarded
44  REQUESTED_CHAN_UNAVAIL          Requested circuit/channel not available
45  PRE_EMPTED                      Pre-empted
46  PRECEDENCE_CALL_BLOCKED         Precedence call blocked
47  RESOURCE_UNAVAILABLE            Resource unavailable, unspecified
49  QOS_UNAVAILABLE                 Quality of service not available
50  FACILITY_NOT_SUBSCRIBED         Requested facility not subscribed
52  OUTGOING_CALL_BARRED            Outgoing calls barred
53  OUTGOING_CALL_BARRED_CUG        Outgoing calls barred within CUG
54  INCOMING_CALL_BARRED            Incoming calls barred
55  INCOMING_CALL_BARRED_CUG        Incoming calls barred within CUG
57  BEARERCAPABILITY_NOTAUTH        Bearer capability not authorized
58  BEARERCAPABILITY_NOTAVAIL       Bearer capability not presently available
62  INCONSISTENT_ACCESS_INFO        Inconsistency in designated outgoing access information and subscriber class
63  SERVICE_UNAVAILABLE             Service or option not available, unspecified
65  BEARERCAPABILITY_NOTIMPL        Bearer capability not implemented
66  CHAN_NOT_IMPLEMENTED            Channel type not implemented
69  FACILITY_NOT_IMPLEMENTED        Requested facility not implemented
70  RESTRICTED_BEARER_ONLY          Only restricted digital information bearer capability is available
79  SERVICE_NOT_IMPLEMENTED         Service or option not implemented, unspecified
81  INVALID_CALL_REFERENCE          Invalid call reference value
82  NO_SUCH_CHANNEL                 Identified channel does not exist
83  SUSPENDED_CALL_OTHER_IDENTITY   A suspended call exists, but this call identity does not
84  CALL_IDENTITY_IN_USE            Call identity in use
85  NO_CALL_SUSPENDED               No call suspended
86  SUSPENDED_CALL_CLEARED          Call with the requested call identity has been cleared
87  NOT_MEMBER_OF_CUG               User not member of CUG
88  INCOMPATIBLE_DESTINATION        Incompatible destination
90  NO_SUCH_CUG                     Non-existent CUG
91  INVALID_TRANSIT_NET             Invalid transit network selection (national use)
95  INVALID_MSG_UNSPECIFIED         Invalid message, unspecified
96  MANDATORY_IE_MISSING            Mandatory information element is missing
97  MESSAGE_TYPE_NONEXIST           Message type non-existent or not implemented
98  WRONG_MESSAGE                   Message not compatible with call state or message type non-existent or not implemented
99  IE_NONEXIST                     Information element/parameter non-existent or not implemented
100 INVALID_IE_CONTENTS             Invalid information element contents
101 WRONG_CALL_STATE                Message not compatible with call state
102 RECOVERY_ON_TIMER_EXPIRE        Recovery on timer expiry
103 MANDATORY_IE_LENGTH_ERROR       Parameter non-existent or not implemented - passed on (national use)
110 UNRECOGNIZED_PARAMETER          Message with unrecognized parameter discarded
111 PROTOCOL_ERROR                  Protocol error, unspecified
127 INTERWORKING                    Interworking, unspecified
`;

/** What switches add of their own (FreeSWITCH); Q.850 has 7 bits and ends at 127. */
const OF_SWITCHES = `
487 ORIGINATOR_CANCEL               The caller hung up before the answer
500 CRASH                           The switch crashed
501 SYSTEM_SHUTDOWN                 The switch was shut down
502 LOSE_RACE                       Another branch of a forked call was answered
503 MANAGER_REQUEST                 Ended on request of an operator or application
600 BLIND_TRANSFER                  Blind transfer
601 ATTENDED_TRANSFER               Attended transfer
602 ALLOTTED_TIMEOUT                The allotted time was used up
603 USER_CHALLENGE                  The user was challenged to authenticate
604 MEDIA_TIMEOUT                   No media arrived
605 PICKED_OFF                      Picked up by another telephone
606 USER_NOT_REGISTERED             The called user is not registered
607 PROGRESS_TIMEOUT                No progress of the call set-up in time
`;

/** Every cause that is known, by ascending code. */
export const q850Causes: readonly Q850Cause[] = `${ITU}${OF_SWITCHES}`
  .split('\n')
  .map((line) => /^(\d+)\s+(\w+)\s+(.+)$/.exec(line))
  .flatMap((match) => (match === null ? [] : [{ code: Number(match[1]), enumeration: match[2] ?? '', cause: match[3] ?? '' }]));

const byCode = new Map(q850Causes.map((cause) => [cause.code, cause]));

/** The cause with this code, where it is a known one. */
export function q850Cause(code: number): Q850Cause | undefined {
  return byCode.get(code);
}

/**
 * The causes by which the network did its work although nobody answered (ITU-T E.425, NER): the caller gave up, user
 * busy, no user responding, no answer, subscriber absent, call rejected.
 */
export const effectiveCauses: readonly number[] = [16, 17, 18, 19, 20, 21];
