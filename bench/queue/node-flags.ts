/** How the images and `npm start` run Node.js: docs/adr/0005. */
export const NODE_FLAGS = ['--min-semi-space-size=16'];
