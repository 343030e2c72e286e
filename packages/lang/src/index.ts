export * from './syntax/ast.ts';
export { Diagnostics, type Diagnostic, type Severity } from './diagnostics/diagnostic.ts';
export { children, rewrite, walk, type Visitor } from './syntax/visit.ts';
export {
  diagnosticJson,
  type DiagnosticJson,
  type DiagnosticPosition,
} from './diagnostics/render-json.ts';
export { dumpTree } from './syntax/dump.ts';
export { join, Source, span, type Span } from './source.ts';
export { parse, parseExpression, type ParseResult } from './syntax/parse.ts';
export { printProgram } from './syntax/print.ts';
export {
  endlessLoop,
  helperNotAllowed,
  refusedByVerifier,
  tooComplex,
  type Refusal,
} from './diagnostics/messages/kernel.ts';
export { enclosing } from './syntax/enclosing.ts';
export { renderDiagnostics, renderPosition } from './diagnostics/render.ts';
export { suggest } from './diagnostics/suggest.ts';
export * from './session-spec.ts';
export * from './target.ts';
export * from './unwind-layout.ts';
export { parseAttachPoint } from './probes/parse-attach-point.ts';
export { expandProvider } from './probes/expand-provider.ts';
export type { KernelFunctionPoint, ParsedAttachPoint, Provider } from './probes/attach-point.ts';
export { TIMER_UNITS } from './probes/timer.ts';
export { canonicalPoint } from './probes/canonical-point.ts';
export { printingBlocks, type PrintingBlock } from './analysis/printing-blocks.ts';
export { findProbeKind, probeKinds, providerNames } from './probes/registry.ts';
export { hardwareEvents, softwareEvents } from './probes/perf-counter.ts';
export { analyse, type AnalysisResult } from './analysis/analyse.ts';
export { listedPoints, type ListedPoints } from './analysis/listed-points.ts';
export { check, type CheckResult } from './analysis/check.ts';
export type {
  CheckedProbe,
  CheckedProgram,
  MapPlan,
  ProbeContext,
} from './analysis/checked-program.ts';
export type { Config } from './analysis/config.ts';
export type { AttachPointContext } from './probes/parse-attach-point.ts';
export { requirements, type DebugQuery, type TargetQuery } from './requirements.ts';
export { archOf } from './arch/arch-of.ts';
export { openBtf } from './types/open-btf.ts';
export { collectProgramFiles, type ReadProgramFile } from './imports/collect-program-files.ts';
export { loadProgram, type LoadedProgram } from './load-program.ts';
export { format, type FormatResult } from './format/format.ts';
export { compile, type CompileResult } from './compile.ts';
export { compileStages } from './compile-stages.ts';
export type { CompileOptions } from './compile-options.ts';
