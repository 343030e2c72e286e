/** The debug information of a program or library: from addresses and names to entries. */
import { codeFrames, type CodeFrame } from './code-frames.ts';
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { EntryNames } from './entry-names.ts';
import { FunctionIndex } from './function-index.ts';
import { findLine, type LineSearch } from './find-line.ts';
import type { DwarfSections } from './sections.ts';
import { SourceLines } from './source-lines.ts';
import { packagedUnit } from './split-package.ts';
import { UnitSet } from './unit-set.ts';
import type { Unit } from './unit.ts';

/** Which split file holds what the compiler left out of the program. */
export interface SplitRequest {
  /** As the compiler was told to write it: a name, or a path relative to `directory`. */
  readonly name: string;
  readonly directory: string;
}

/** Where the parts of debug information that are in other files come from. */
export interface SplitFiles {
  readonly read: (request: SplitRequest) => DwarfSections | undefined;
  /** The `.dwp` file of the program. */
  readonly package?: DwarfSections;
  /** Told once for each split file that is in neither. */
  readonly missing?: (request: SplitRequest) => void;
  /** The file that `dwz` moved common parts of several files to. */
  readonly common?: () => DwarfSections | undefined;
}

const namedTypes: ReadonlySet<number> = new Set([
  dw.DW_TAG_structure_type,
  dw.DW_TAG_class_type,
  dw.DW_TAG_union_type,
  dw.DW_TAG_enumeration_type,
  dw.DW_TAG_typedef,
  dw.DW_TAG_base_type,
]);

/** Every method throws a `DwarfError` where it meets damage. */
export class DebugInfo {
  readonly #set: UnitSet;
  readonly #split: SplitFiles | undefined;
  readonly #full = new Map<Unit, Unit>();
  readonly #lines = new Map<Unit, SourceLines>();
  readonly #names: EntryNames;
  #functions: FunctionIndex | undefined;

  constructor(sections: DwarfSections, split?: SplitFiles) {
    this.#set = new UnitSet(sections, { common: onceRead(split?.common) });
    this.#split = split;
    this.#names = new EntryNames(namedTypes);
  }

  /** As they are in the program's own file: some may be skeletons. */
  get units(): readonly Unit[] {
    return this.#set.compileUnits;
  }

  /** The function whose code begins at an address. */
  functionAt(address: number): Die | undefined {
    return this.#functionIndex.startingAt(address);
  }

  /** The functions whose code is at an address, inlined ones first; none where nothing is known. */
  framesAt(address: number): readonly CodeFrame[] {
    const code = this.#functionIndex.containing(address);
    return code === undefined ? [] : codeFrames(code, address, this.#linesOf(code.unit.skeleton));
  }

  get #functionIndex(): FunctionIndex {
    this.#functions ??= new FunctionIndex(this.units, (unit) => this.full(unit));
    return this.#functions;
  }

  #linesOf(unit: Unit): SourceLines {
    const known = this.#lines.get(unit);
    if (known !== undefined) return known;
    const lines = new SourceLines(unit);
    this.#lines.set(unit, lines);
    return lines;
  }

  /** The first definition of a type of this name; those that `near` sees come first. `tags` are `DW_TAG_…`. */
  typeNamed(name: string, tags: ReadonlySet<number>, near?: Unit): Die | undefined {
    const accepts = (die: Die): boolean => tags.has(die.tag);
    const beside = near === undefined ? undefined : this.#names.inUnit(near, name).find(accepts);
    return beside ?? this.#anywhere(name, accepts);
  }

  #anywhere(name: string, accepts: (die: Die) => boolean): Die | undefined {
    const own = this.#set.hasCommon ? [this.#set, this.#set.common] : [this.#set];
    for (const set of own) {
      for (const die of this.#names.inSet(set, name)) if (accepts(die)) return die;
    }
    for (const unit of this.units) {
      const full = this.full(unit);
      if (full.set === this.#set) continue;
      for (const die of this.#names.inSet(full.set, name)) if (accepts(die)) return die;
    }
    return undefined;
  }

  /** The address of the first instruction of a source line, or why there is none. */
  lineAddress(line: LineSearch): { readonly address: number } | { readonly reason: string } {
    return findLine(this.units, this.#set.sections, line);
  }

  /** The unit with the entries: of a skeleton the one in the split file, if that is there. */
  full(unit: Unit): Unit {
    const known = this.#full.get(unit);
    if (known !== undefined) return known;
    const full = this.#readSplit(unit) ?? unit;
    this.#full.set(unit, full);
    return full;
  }

  #readSplit(skeleton: Unit): Unit | undefined {
    const name = skeleton.splitName;
    const id = skeleton.dwoId;
    if (name === undefined || id === undefined) return undefined;
    const directory = skeleton.root.text(dw.DW_AT_comp_dir) ?? '';
    const packed = this.#split?.package;
    const packaged = packed && packagedUnit(packed, packed.cuIndex, id);
    const sections = packaged ?? this.#split?.read({ name, directory });
    const set =
      sections && new UnitSet(sections, { skeleton, outside: (type) => this.#packagedType(type) });
    const full = set?.compileUnits.find((unit) => unit.dwoId === id);
    if (full === undefined) this.#split?.missing?.({ name, directory });
    return full;
  }

  #packagedType(signature: bigint): Die | undefined {
    const packed = this.#split?.package;
    const sections = packed && packagedUnit(packed, packed.tuIndex, signature);
    return sections && new UnitSet(sections).typeBySignature(signature);
  }
}

function onceRead(read: SplitFiles['common']): () => UnitSet | undefined {
  let known: { readonly set: UnitSet | undefined } | undefined;
  return () => {
    if (known === undefined) {
      const sections = read?.();
      known = { set: sections && new UnitSet(sections) };
    }
    return known.set;
  };
}
