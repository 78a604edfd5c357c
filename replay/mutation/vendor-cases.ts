// What the table about vendors must say in states that several rows could claim; each with its reason.
import type { Case } from './case.ts';

const PROVEN = { path: 1, uplink: 1, guard_uplink: 1, guard_others: 1, guard_witness: 1, settled: 1 } as const;

export const VENDOR_CASES: readonly Case[] = [
  {
    why: 'its own controls tell more than one service',
    states: { ...PROVEN, controls: 0, any_control: 0, convicted: 1 },
    row: 'vendor_failing',
  },
  {
    why: 'its own controls tell more than one service, in part too',
    states: { ...PROVEN, controls: 0, any_control: 1, convicted: 1 },
    row: 'vendor_partly_failing',
  },
  {
    why: 'what it runs on fails with it',
    states: { ...PROVEN, controls: 0, any_control: 0, foundation: 0, convicted: 1 },
    row: 'vendor_failing_on_another',
  },
  {
    why: 'what it runs on and works is no news',
    states: { ...PROVEN, controls: 0, any_control: 0, foundation: 1 },
    row: 'vendor_failing',
  },
  {
    why: 'what fails in part has something to stand on',
    states: { ...PROVEN, controls: 0, any_control: 1, foundation: 0 },
    row: 'vendor_partly_failing',
  },
  {
    why: 'a way in doubt proves nothing, whatever it runs on',
    states: { ...PROVEN, controls: 0, any_control: 0, foundation: 0, path: -1 },
    row: 'vendor_suspected',
  },
  {
    why: 'what it runs on is told where the service is what tells of it',
    states: { controls: 0, any_control: 0, foundation: 0, convicted: 1 },
    row: 'vendor_failing_with_yours_on_another',
  },
  {
    why: 'and only where it fails',
    states: { controls: 0, any_control: 0, foundation: -1, convicted: 1 },
    row: 'vendor_failing_with_yours',
  },
  {
    why: 'and where nothing of the vendor answers',
    states: { controls: 0, any_control: 1, foundation: 0, convicted: 1 },
    row: 'vendor_partly_failing_with_yours',
  },
  {
    why: 'what has just failed is waited for before the line is doubted',
    states: { controls: -1, settled: 0, uplink: -1 },
    row: 'vendor_confirming',
  },
  {
    why: 'behind a line in doubt nothing is said of the way at the vendor',
    states: { controls: 0, any_control: 0, path: 0, uplink: -1 },
    row: 'vendor_out_of_sight',
  },
  {
    why: 'whoever serves others elsewhere is not failing',
    states: { ...PROVEN, controls: 0, any_control: 0, elsewhere: 1 },
    row: 'vendor_cut_off_here',
  },
  {
    why: 'whatever it runs on',
    states: { ...PROVEN, controls: 0, any_control: 0, elsewhere: 1, foundation: 0 },
    row: 'vendor_cut_off_here',
  },
  {
    why: 'what a verdict about a service has proven is not taken back',
    states: { ...PROVEN, controls: 0, any_control: 0, elsewhere: 1, convicted: 1 },
    row: 'vendor_failing',
  },
  {
    why: 'on a line in doubt nothing is said of the way beyond it',
    states: { ...PROVEN, controls: 0, any_control: 0, elsewhere: 1, uplink: -1, guard_uplink: -1 },
    row: 'vendor_out_of_sight',
  },
  {
    why: 'what runs through something that fails is not cut off by itself',
    states: { ...PROVEN, controls: 0, any_control: 0, elsewhere: 1, path: 0 },
    row: 'vendor_behind_another',
  },
  {
    why: 'one host of several that fails is not the way',
    states: { ...PROVEN, controls: 0, any_control: 1, elsewhere: 1, guard_witness: 0 },
    row: 'vendor_control_failing',
  },
  {
    why: 'nothing is cut off that answers',
    states: { ...PROVEN, controls: 1, any_control: 1, elsewhere: 1 },
    row: 'vendor_fine',
  },
];
