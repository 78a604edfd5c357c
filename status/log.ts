// What the server tells its log: one flat line an event. Texts may come from outside; the log's writer escapes them.

export interface LogEvent {
  event: 'alert' | 'game_started' | 'fault_injected' | 'fault_healed' | 'request_failed';
  readonly [field: string]: string | number | null;
}

export type Log = (event: LogEvent) => void;
