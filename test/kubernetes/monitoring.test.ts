import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { OperatorMetrics } from '../../operator/metrics.ts';
import { QueueMetrics } from '../../queue/observability/metrics.ts';
import type { TaskStore } from '../../queue/store/task-store.ts';
import { RendererMetrics } from '../../renderer/worker/metrics.ts';
import { describeWith } from '../harness/describe-with.ts';
import { find, objects, ROOT } from './chart.ts';

/** The names of all samples of the services, with the suffixes of histograms. */
function metricNames(): Set<string> {
  const renderer = new RendererMetrics();
  renderer.watch({ states: () => [], held: () => 0 });
  const services = [renderer, new OperatorMetrics(), new QueueMetrics({} as TaskStore, () => 0)];
  const names = services.flatMap(({ registry }) =>
    registry
      .getMetricsAsArray()
      .flatMap(({ name }) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]),
  );
  return new Set(names);
}

/** The names of the metrics in a PromQL expression. Throws if it is not PromQL. */
function metricsIn(expression: string): string[] {
  const names: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, from, to, type }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === 'VectorSelector') names.push(/^[\w:]+/.exec(expression.slice(from, to))?.[0] ?? '');
    },
  });
  return names;
}

test('parsing expressions finds metrics and syntax errors', () => {
  expect(metricsIn('sum by (pod) (rate(a_total{b="c"}[5m])) / b_count > 0')).toEqual(['a_total', 'b_count']);
  expect(() => metricsIn('sum(rate(a[5m])')).toThrow('not PromQL');
});

describe('the Grafana dashboard', () => {
  interface Panel {
    title: string;
    type: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { expr: string }[];
  }

  test('shows existing metrics', async () => {
    const text = await readFile(join(ROOT, 'k8s/grafana/renderfleet.json'), 'utf8');
    const { panels } = JSON.parse(text) as { panels: Panel[] };
    const known = metricNames();
    const used = panels
      .flatMap(({ targets = [] }) => targets)
      .flatMap(({ expr }) => metricsIn(expr.replaceAll('$__rate_interval', '5m')));
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  test('fills its rows without overlapping panels', async () => {
    const text = await readFile(join(ROOT, 'k8s/grafana/renderfleet.json'), 'utf8');
    const { panels } = JSON.parse(text) as { panels: Panel[] };
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describeWith(['helm'], 'the alerts', () => {
  interface Rule {
    alert: string;
    expr: string;
    annotations: { summary: string; runbook_url?: string };
  }

  async function rules(set: Record<string, unknown> = {}): Promise<Rule[]> {
    const all = await objects({ set: { 'monitoring.prometheusRule.enabled': true, ...set } });
    const { groups } = find(all, 'PrometheusRule').spec as { groups: { rules: Rule[] }[] };
    return groups.flatMap((group) => group.rules);
  }

  test('use existing metrics', async () => {
    const known = metricNames();
    const used = (await rules()).flatMap(({ expr }) => metricsIn(expr));
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  test('are explained in the operations guide at their runbook URL', async () => {
    const guide = await readFile(join(ROOT, 'docs/operations.md'), 'utf8');
    for (const { alert, annotations } of await rules({
      'monitoring.prometheusRule.runbookBaseUrl': 'https://example.org/operations',
    })) {
      expect(annotations.runbook_url).toBe(`https://example.org/operations#${alert.toLowerCase()}`);
      expect(guide).toContain(`### ${alert}\n`);
    }
  });

  test('the chart ships the dashboard and the CRD unchanged', async () => {
    const all = await objects({ set: { 'monitoring.dashboard.enabled': true } });
    const shipped = find(all, 'ConfigMap', 'dashboard').data?.['renderfleet.json'] ?? '';
    const dashboard = await readFile(join(ROOT, 'k8s/grafana/renderfleet.json'), 'utf8');
    expect(JSON.parse(shipped)).toEqual(JSON.parse(dashboard));
    const crd = parse(await readFile(join(ROOT, 'k8s/crd/renderfleet.dev_renderpools.yaml'), 'utf8')) as {
      spec: unknown;
    };
    expect(find(all, 'CustomResourceDefinition').spec).toEqual(crd.spec);
  });
});
