/** That an application must be told of the end of a session. Kept until it knows, or cannot be told. */
export interface LogoutNotice {
  id: string;
  /** Object id of the application's service principal. */
  applicationId: string;
  /** The name under which the application knows us. */
  issuer: string;
  userId: string;
  sessionId: string;
  /** How often it was tried in vain. */
  tries: number;
  /** When it is tried next. */
  dueAt: Date;
}

/** A notice with the tenant to which it belongs. */
export type DueNotice = LogoutNotice & { tenantId: string };

/** Where notices wait. */
export interface LogoutNoticeStore {
  add(tenantId: string, notice: LogoutNotice): Promise<void>;
  /** Those whose time has come, of the whole hub, since one process delivers for all tenants. */
  listDue(now: Date, limit: number): Promise<DueNotice[]>;
  /** Puts it off if it is as it was read. False when somebody else was faster. */
  postpone(notice: DueNotice, next: Pick<LogoutNotice, 'tries' | 'dueAt'>): Promise<boolean>;
  remove(tenantId: string, id: string): Promise<void>;
}
