// What can happen to whoever reads demarc's numbers: part of the list in faults.ts. The lab has no Prometheus; where nobody scrapes,
// there is nothing to break, and these change nothing.

export const PIPELINE_FAULTS = {
  scrape_gap: {
    target: null,
    whole: 'a way that is lost now and then loses single scrapes, which the rules outlive',
    befalls: 'pipeline',
    label: 'Cut Prometheus off from demarc',
    help: 'Prometheus cannot scrape demarc: its connections are refused. demarc itself goes on. Without a Prometheus, nothing happens.',
  },
  prometheus_restart: {
    target: null,
    whole: 'a process runs or does not',
    befalls: 'pipeline',
    label: 'Restart Prometheus',
    help: 'Prometheus is stopped, and started again on its data when this ends. demarc itself goes on. Without a Prometheus, nothing happens.',
  },
} as const;
