// The metrics of DNS questions, part of the list in metrics.ts.
import { type MetricFact, perTarget } from './metric-fact.ts';

export const DNS_METRICS = {
  // Same meaning as blackbox_exporter's.
  probe_dns_duration_seconds: perTarget('Duration of the newest DNS exchange by phase.', ['phase']),
  probe_dns_answer_rrs: perTarget('Records in the answer section.', []),
  probe_dns_authority_rrs: perTarget('Records in the authority section.', []),
  probe_dns_additional_rrs: perTarget('Records in the additional section.', []),
  probe_dns_query_succeeded: perTarget('1 if any answer to the question came back.', []),
  probe_dns_serial: perTarget('Serial of the zone, when its SOA was asked for.', []),
  // Ours.
  demarc_dns_shape_info: perTarget(
    '1 for the shape of the newest DNS answer: NOERROR with nothing in it is `nodata`.',
    ['shape'],
  ),
  demarc_dns_alias_info: perTarget(
    '1 for every name the newest DNS answer went through, the asked one as hop 0: who has it, and what is there where the chain ends. Absent without an alias.',
    ['hop', 'owner', 'end'],
  ),
  demarc_dns_identity_info: perTarget(
    '1 for whether who answered is who should have: `expected`, `other` (somebody on the way answers instead), or `unproven`. Absent where nobody in particular is expected.',
    ['identity'],
  ),
  demarc_dns_answer_ttl_seconds: perTarget(
    'The smallest TTL in the newest DNS answer: for so long whoever asked goes by it. Absent without records.',
    [],
  ),
  demarc_dns_flag_info: perTarget(
    '1 for every flag of the newest DNS answer: `aa` (the server has the zone itself), `ad` (a validating resolver vouches for it), `ra` (it asks others too), `tc` (it came truncated over UDP, and was asked for again over TCP).',
    ['flag'],
  ),
  demarc_dns_rcode_info: perTarget(
    '1 for the response code of the newest DNS answer; `other` for one without a name.',
    ['rcode'],
  ),
  demarc_dns_resent: perTarget(
    'Questions of the newest measurement that were sent again after a second of silence. UDP only.',
    [],
  ),
  demarc_dns_unexpected_messages: perTarget(
    'Messages of the newest measurement that were no answer to what was asked: another id, question or case of letters, as a forger sends them. Absent without one.',
    [],
  ),
  demarc_dns_case_kept: perTarget(
    '0 if the server repeats names in another case of letters than they are asked in. It is no fault: such a server is asked in one case, and tried anew after an hour. Absent otherwise.',
    [],
  ),
  demarc_dns_delegation_faults: perTarget(
    'Name servers by what is wrong with their delegation: `silent`, `lame`, `no_tcp`, `no_address`, `not_in_zone`, `not_in_parent`, `glue_differs`; `one_network` is 1 if all are in one. Absent where it was not looked at.',
    ['flaw'],
  ),
  demarc_dns_edns_supported: perTarget(
    '1 if the newest DNS answer came with EDNS, 0 if the server does not know it. Absent without an answer.',
    [],
  ),
  demarc_dns_answer_fingerprint: perTarget(
    'A number that is equal for equal sets of records, so that the servers of one zone can be compared. It means nothing else.',
    [],
  ),
  demarc_dns_signatures_end_timestamp_seconds: perTarget(
    'When the first of the DNSSEC signatures of the newest answer ends. Absent without a signature.',
    [],
  ),
  demarc_dns_extended_error_info: perTarget('1 for every extended error (RFC 8914) of the newest DNS answer.', [
    'error',
  ]),
} as const satisfies Record<string, MetricFact>;
