/** Who or what stands before the camera. Faces are named by their specimen id. */
export type Scene =
  | { readonly kind: 'person'; readonly face: string }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'twoPeople'; readonly left: string; readonly right: string }
  /** A person, but every frame is the same: a camera that hangs, or a still fed into it. */
  | { readonly kind: 'frozen'; readonly face: string }
  /** Somebody holds a printed portrait into the picture. */
  | { readonly kind: 'printedPhoto'; readonly face: string };
