/** Words of the language, which chance would not make of letters. */

export const WORDS: readonly string[] = [
  ...'{ } ( ) [ ] , ; : / ? = == += ++ -- -> . .. & | ^ ~ << >> && || * - ! % < > <= >='.split(' '),
  ...'$x $y @ @m @m[1] @m[1,2] $1 $2 $# 0 1 -1 "a" "" true false 1e9 5ms 10s 0x7fffffffffffffff'.split(
    ' ',
  ),
  ...'begin end interval:s:1 profile:hz:99 kprobe:f kprobe:vfs_* tracepoint:a:b uprobe:/bin/sh:f'.split(
    ' ',
  ),
  ...'BEGIN END self:signal:SIGUSR1 usdt:/bin/sh:a:b software:faults:1 hardware:cycles:1 iter:task'.split(
    ' ',
  ),
  ...'if else for while unroll return break continue let const comptime macro import fn config'.split(
    ' ',
  ),
  ...'macro\nm(a) m($a) m(@a) import\n"stdlib/base.bt" config={max_strlen=8} config={stack_mode=raw}'.split(
    ' ',
  ),
  ...'struct s union u enum e { int x; } (struct\ns*) (uint8*) (string[4]) (int32[2]) typedef void'.split(
    ' ',
  ),
  ...'sizeof( offsetof( typeof( typeinfo( count() sum(1) avg(1) min(1) max(1) stats(1) hist(1)'.split(
    ' ',
  ),
  ...'lhist(1,0,10,1) tseries(1,1s,5) print( printf( str( buf( len( find( has_key( delete( clear('.split(
    ' ',
  ),
  ...'zero( exit( join( system( cat( strftime( ntop( pton( ksym( usym( reg( kaddr( signal( path('.split(
    ' ',
  ),
  ...'strncmp( strcontains( macaddr( cgroupid( bswap( skboutput( kstack( ustack( nsecs( getopt('.split(
    ' ',
  ),
  ...'curtask args arg0 retval kstack ustack comm pid tid uid cpu nsecs func probe ctx rand cgroup'.split(
    ' ',
  ),
  ...'#define\nF(x)\nx #define\nA\nA #if\n1 #else #endif #include\n<x.h> /* */ // \\'.split(' '),
];
