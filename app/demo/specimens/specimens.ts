export { writeCameraFile } from './camera-file.ts';
export { type FrameWish, liveFrames } from './live-frames.ts';
export { cutPortrait } from './portrait.ts';
export type { Scene } from './scene.ts';
export {
  listSpecimenFaces,
  listSpecimenTravellers,
  type SpecimenFace,
  type SpecimenTraveller,
} from './specimen-faces.ts';
