/** Whether a statement failed because of what it says, or because the store cannot do any at the moment. */
import { codeOf, messageOf } from './store-error.ts';

/** ClickHouse's numbers of errors that pass, or that its operator mends, without another statement. */
const STORE_FAULTS: ReadonlySet<number> = new Set([
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  76, // CANNOT_OPEN_FILE
  159, // TIMEOUT_EXCEEDED
  160, // TOO_SLOW
  164, // READONLY
  173, // CANNOT_ALLOCATE_MEMORY
  198, // DNS_ERROR
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  203, // NO_FREE_CONNECTION
  209, // SOCKET_TIMEOUT
  210, // NETWORK_ERROR
  225, // NO_ZOOKEEPER
  236, // ABORTED
  241, // MEMORY_LIMIT_EXCEEDED
  242, // TABLE_IS_READ_ONLY
  243, // NOT_ENOUGH_SPACE
  252, // TOO_MANY_PARTS
  279, // ALL_CONNECTION_TRIES_FAILED
  285, // TOO_FEW_LIVE_REPLICAS
  286, // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  319, // UNKNOWN_STATUS_OF_INSERT
  394, // QUERY_WAS_CANCELLED
  425, // SYSTEM_ERROR
  439, // CANNOT_SCHEDULE_TASK
  497, // ACCESS_DENIED
  516, // AUTHENTICATION_FAILED
  999, // KEEPER_EXCEPTION
]);

/** What the system says of a disk, under whatever number ClickHouse passes it on. */
const DISK_FAULT =
  /No space left on device|Read-only file system|Input\/output error|quota exceeded/i;

/** `statement` for what ClickHouse will say again however often it is asked. */
export function storeFault(error: unknown): 'statement' | 'store' {
  const code = codeOf(error);
  // Errors of the network have names for codes, or none.
  if (code === undefined || !/^\d+$/.test(code)) return 'store';
  if (DISK_FAULT.test(messageOf(error))) return 'store';
  return STORE_FAULTS.has(Number(code)) ? 'store' : 'statement';
}
