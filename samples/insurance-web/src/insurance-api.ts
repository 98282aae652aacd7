// The insurance API, as this application uses it.

export interface Plan {
  name: string;
  sum: number;
  monthly: number;
}

export interface Policy {
  number: string;
  plan: string;
  sum: number;
  holder: string | null;
  since: string;
  beneficiary: string | null;
  beneficiaryChangedAt: string | null;
}

/** The API said no, or nothing. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Undefined when it did not answer. */
  readonly status: number | undefined;
  /** Its word for the reason, such as `insufficient_user_authentication`. */
  readonly code: string | undefined;

  constructor(message: string, status?: number, code?: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

export class InsuranceApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async plans(): Promise<Plan[]> {
    return ((await this.#ask('GET', '/plans')) as { plans: Plan[] }).plans;
  }

  async policy(token: string): Promise<Policy> {
    return (await this.#ask('GET', '/policy', token)) as Policy;
  }

  async changeBeneficiary(token: string, name: string): Promise<void> {
    await this.#ask('PUT', '/policy/beneficiary', token, { name });
  }

  async #ask(method: string, path: string, token?: string, body?: object): Promise<unknown> {
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const signal = AbortSignal.timeout(10_000);
    const content = body ? JSON.stringify(body) : null;
    const response = await fetch(this.#url + path, { method, headers, body: content, signal }).catch((cause) => {
      throw new ApiError('The insurance API does not answer.', undefined, undefined, { cause });
    });
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return answer;
    throw new ApiError(
      String(answer['error_description'] ?? response.status),
      response.status,
      String(answer['error']),
    );
  }
}
