// The camera: explains, asks, shows a mirrored preview with advice while one looks, takes photos that are not mirrored.
import { find } from "./dom.js";
import { guessTurn } from "./photo-face.js";
import { detectFace } from "./photo-read.js";
import { scorePhoto } from "./photo-score.js";

const LOOK_EVERY = 500; // milliseconds between two judgements
const SMALL = 320; // width that is judged
const OVAL = { x: 0.33, y: 0.16, width: 0.34, height: 0.62 }; // the guide, as shares of the preview
const PROBLEMS = {
  NotAllowedError: "The camera is blocked for this page. Allow it in the browser's address bar, or choose photos instead.",
  NotFoundError: "No camera was found. Connect one, or choose photos instead.",
  OverconstrainedError: "No camera was found that fits. Choose photos instead.",
  NotReadableError: "The camera is being used by another program. Close that one and try again.",
  SecurityError: "The browser does not allow the camera here. Choose photos instead.",
};
const INSECURE = "Browsers allow the camera only on a secure (https) address. Choose photos instead.";
const UNKNOWN = "The camera could not be started. Try again, or choose photos instead.";
const started = new WeakSet();

export function startWebcam(root) {
  for (const box of find(root, "[data-webcam]")) {
    if (started.has(box)) continue;
    started.add(box);
    new Webcam(box);
  }
}

class Webcam {
  #stream = null;
  #facing = "user";
  #taken = 0;
  #timer = 0;
  #counting = false;

  constructor(box) {
    this.box = box;
    for (const name of ["intro", "live", "problem", "stage", "video", "count", "advice", "status", "flip", "capture", "delay", "start"]) {
      this[name] = box.querySelector(`[data-webcam-${name}]`);
    }
    this.start.addEventListener("click", () => this.open());
    this.capture.addEventListener("click", () => this.shoot());
    this.flip.addEventListener("click", () => this.turnAround());
    box.addEventListener("keydown", (event) => {
      const onControl = event.target.closest("button, input");
      if (!onControl && (event.key === " " || event.key === "Enter") && this.#stream) {
        event.preventDefault();
        this.shoot();
      }
    });
    box.closest("dialog")?.addEventListener("close", () => this.close());
    addEventListener("pagehide", () => this.close());
  }

  async open() {
    this.problem.hidden = true;
    if (!navigator.mediaDevices?.getUserMedia) return this.#fail(INSECURE);
    this.start.setAttribute("aria-busy", "true");
    try {
      await this.#play();
    } catch (error) {
      this.close();
      return this.#fail(PROBLEMS[error.name] ?? UNKNOWN);
    } finally {
      this.start.removeAttribute("aria-busy");
    }
    this.intro.hidden = true;
    this.live.hidden = false;
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.flip.hidden = devices.filter((device) => device.kind === "videoinput").length < 2;
    this.capture.focus();
    this.#timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  async #play() {
    const video = { facingMode: this.#facing, width: { ideal: 1600 }, height: { ideal: 1200 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    const dialog = this.box.closest("dialog");
    this.#release();
    this.#stream = stream;
    if (dialog && !dialog.open) return this.#release(); // closed while the browser was asking
    const facing = stream.getVideoTracks()[0].getSettings().facingMode ?? this.#facing;
    this.video.classList.toggle("is-mirrored", facing !== "environment");
    this.video.srcObject = stream;
    await this.video.play();
  }

  async turnAround() {
    this.#facing = this.#facing === "user" ? "environment" : "user";
    try {
      await this.#play();
    } catch (error) {
      this.#fail(PROBLEMS[error.name] ?? UNKNOWN);
    }
  }

  /** Judge what the camera sees and say it. */
  async look() {
    if (!this.video.videoWidth || this.#counting) return;
    const canvas = this.#frame(SMALL);
    const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const oval = { x: OVAL.x * image.width, y: OVAL.y * image.height, width: OVAL.width * image.width, height: OVAL.height * image.height };
    const face = await detectFace(canvas);
    const { verdict, advice } = scorePhoto(image, { face: face ?? { ...oval, turn: null } });
    const seen = face || guessTurn(image, oval) !== null;
    this.stage.dataset.verdict = seen ? verdict : "poor";
    let words = verdict === "good" ? "Good light. Hold still and take it." : advice[0];
    if (!seen) words = "Bring your face into the oval.";
    if (this.advice.textContent !== words) this.advice.textContent = words;
  }

  async shoot() {
    if (!this.video.videoWidth || this.#counting) return;
    if (this.delay.checked) await this.#countDown();
    if (!this.#stream) return;
    const blob = await new Promise((resolve) => this.#frame().toBlob(resolve, "image/jpeg", 0.93));
    this.#taken += 1;
    const file = new File([blob], `camera-${this.#taken}.jpg`, { type: "image/jpeg", lastModified: Date.now() });
    document.dispatchEvent(new CustomEvent("inflio:photo", { detail: { file } }));
    this.stage.classList.remove("is-flashing");
    this.stage.getBoundingClientRect(); // so that the flash starts again
    this.stage.classList.add("is-flashing");
    this.status.textContent = `Photo ${this.#taken} taken. Turn your head a little, or change the light, and take another.`;
  }

  async #countDown() {
    this.#counting = true;
    this.count.hidden = false;
    for (let left = 3; left > 0 && this.#stream; left -= 1) {
      this.count.textContent = left;
      this.status.textContent = `${left}`;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    this.count.hidden = true;
    this.#counting = false;
  }

  // What the preview shows, as the camera sees it (not mirrored): its 4:3 middle, at most `longest` wide.
  #frame(longest = Infinity) {
    const { videoWidth, videoHeight } = this.video;
    const width = Math.min(videoWidth, Math.round((videoHeight * 4) / 3));
    const height = Math.min(videoHeight, Math.round((videoWidth * 3) / 4));
    const scale = Math.min(1, longest / width);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.video, (videoWidth - width) / 2, (videoHeight - height) / 2, width, height, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  #fail(sentence) {
    this.problem.textContent = sentence;
    this.problem.hidden = false;
  }

  #release() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  /** Switch the camera off and go back to the explanation. */
  close() {
    clearInterval(this.#timer);
    this.#release();
    this.video.srcObject = null;
    this.intro.hidden = false;
    this.live.hidden = true;
    this.problem.hidden = true;
  }
}
