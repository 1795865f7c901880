declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  /** Emscripten factory: gives the module once its WebAssembly is compiled. */
  const create: (options: {
    wasmBinary: Uint8Array;
    print: (line: string) => void;
    printErr: (line: string) => void;
  }) => Promise<unknown>;
  // biome-ignore lint/style/noDefaultExport: the package has only a default export, and this describes the package
  export default create;
}
