/**
 * Leases: the right to do something until a time. Times are by the clock of the database, which is one for all
 * processes, so machines whose clocks differ agree on when a lease ends.
 */
export interface LeaseStore {
  /**
   * Takes the lease for so many seconds from now, when nobody else holds it; renews it when the owner holds it already.
   * Of several who try at once exactly one succeeds.
   */
  take(name: string, owner: string, seconds: number): Promise<boolean>;
  /** Gives the lease back; nothing happens when somebody else has it by now. */
  release(name: string, owner: string): Promise<void>;
}

/** One running program that uses the database. */
export interface ServerProcess {
  id: string;
  host: string;
  pid: number;
  /** Version of the program. */
  version: string;
  startedAt: Date;
}

/** Which processes use the database now. A process that is killed disappears when its time has passed. */
export interface ProcessRegister {
  /** Enters the process, or renews its entry, for so many seconds from now by the clock of the database. */
  announce(process: ServerProcess, seconds: number): Promise<void>;
  withdraw(id: string): Promise<void>;
  listAlive(): Promise<ServerProcess[]>;
}
