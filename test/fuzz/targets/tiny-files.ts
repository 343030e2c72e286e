/** Whole files of formats that no tool at hand writes small: an archive of one member, a cache of the dynamic linker. */

export function anArchive(): Uint8Array {
  const [name, contents] = ['lib/x.so', 'code of a library'];
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x0403_4b50, 0);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x0201_4b50, 0);
  entry.writeUInt32LE(contents.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + contents.length, 16);
  return Buffer.concat([local, Buffer.from(name + contents), entry, Buffer.from(name), end]);
}

export function aLinkerCache(): Uint8Array {
  const libraries = ['libc.so.6', 'libm.so.6'];
  const bytes = Buffer.alloc(48 + 24 * libraries.length);
  bytes.write('glibc-ld.so.cache1.1');
  bytes.writeUInt32LE(libraries.length, 20);
  let text = '';
  libraries.forEach((name, index) => {
    const at = 48 + 24 * index;
    bytes.writeUInt32LE(0x0303, at);
    bytes.writeUInt32LE(bytes.length + text.length, at + 4);
    bytes.writeUInt32LE(bytes.length + text.length + name.length + 1, at + 8);
    text += `${name}\0/usr/lib/${name}\0`;
  });
  return Buffer.concat([bytes, Buffer.from(text)]);
}
