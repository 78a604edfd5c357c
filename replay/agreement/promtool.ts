// Runs promtool and amtool to their end, on files written for the purpose.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RuleGroup } from '../../alerts/rule.ts';
import { type ToolName, toolPaths } from '../tools.ts';

export interface Series {
  series: string;
  values: string;
}

export interface ExpressionTest {
  expr: string;
  eval_time: string;
  exp_samples?: { labels: string; value: number }[];
}

export interface AlertTest {
  alertname: string;
  eval_time: string;
  exp_alerts: { exp_labels: Record<string, string>; exp_annotations: Record<string, string> }[];
}

/** One group of promtool's unit tests: its own empty database, the rules of its file, these series. */
export interface TestGroup {
  name: string;
  interval: string;
  input_series: Series[];
  promql_expr_test?: ExpressionTest[];
  alert_rule_test?: AlertTest[];
}

/** What is evaluated together, and how often. */
export type Evaluated = Pick<RuleGroup, 'interval' | 'rules'>;

export interface RuleTestFile extends Omit<Evaluated, 'interval'> {
  /** Five seconds when left out. */
  interval?: string;
  groups: readonly TestGroup[];
}

export interface Run {
  ok: boolean;
  output: string;
}

/** Runs a tool to its end. `files` are written to a folder of their own, where it runs. Throws when it cannot be had. */
export async function runTool(
  name: ToolName,
  args: readonly string[],
  files: Record<string, string> = {},
): Promise<Run> {
  const { [name]: tool } = await toolPaths([name], (line) => process.stderr.write(`${line}\n`));
  const folder = await mkdtemp(path.join(tmpdir(), 'demarc-rules-'));
  try {
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
    return await new Promise<Run>((resolve, reject) => {
      const child = spawn(tool, [...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.on('error', reject);
      child.on('close', (code) => resolve({ ok: code === 0, output }));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes rules and their tests as files and has promtool run them. JSON is YAML, and much faster to write. */
export async function testRules(tests: readonly RuleTestFile[]): Promise<Run> {
  const files: Record<string, string> = {};
  tests.forEach(({ interval = '5s', rules, groups }, index) => {
    files[`rules-${index}.yml`] = JSON.stringify({ groups: [{ name: 'demarc', interval, rules }] });
    files[`test-${index}.yml`] = JSON.stringify({
      rule_files: [`rules-${index}.yml`],
      evaluation_interval: interval,
      group_eval_order: ['demarc'],
      tests: groups,
    });
  });
  return await runTool('promtool', ['test', 'rules', ...tests.map((_, index) => `test-${index}.yml`)], files);
}
