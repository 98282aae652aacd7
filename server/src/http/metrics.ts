import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** A number that is read when somebody asks for the metrics. */
export interface GaugeDefinition {
  name: string;
  help: string;
  read(): number | Promise<number>;
}

/** What Prometheus reads: requests by route, the process, its event loop, and the gauges that are passed in. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  readonly #failures: Counter<'code'>;

  constructor(gauges: readonly GaugeDefinition[]) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#durations = new Histogram({
      name: 'countersign_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    this.#failures = new Counter({
      name: 'countersign_http_failures_total',
      help: 'Requests that were refused or failed, by code.',
      labelNames: ['code'],
      registers,
    });
    for (const { name, help, read } of gauges) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read());
        },
      });
    }
  }

  /** @param route  of a small set: never anything that a client chose */
  countRequest(method: string, route: string, status: number, seconds: number): void {
    this.#durations.observe({ method, route, status }, seconds);
  }

  countFailure(code: string): void {
    this.#failures.inc({ code });
  }

  /** In the text format of Prometheus, with its media type. */
  async text(): Promise<{ contentType: string; body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}
