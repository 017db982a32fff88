/** The address of a file that the bundler copies beside the pages. */
declare module "*?url" {
  const address: string;
  export default address;
}
