/** What agents, coordinators and terminals share: schemas, values, merge, output, frames and messages. */
export * from './api/control.ts';
export * from './api/coverage.ts';
export * from './api/http.ts';
export * from './frame/frame.ts';
export * from './render/output-item.ts';
export * from './schema/event-schema.ts';
export * from './schema/map-schema.ts';
export * from './schema/schema.ts';
export * from './schema/value-type.ts';
export * from './value/value.ts';
