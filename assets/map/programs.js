// What the graphics processor runs: fans as discs, ties as lines one pixel wide, the last picture as one quad.
const PLANE = `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in float size;
layout(location = 2) in float hue;
layout(location = 3) in float circle;
uniform vec4 view;      // middle of what is seen, and clip units a unit of the plane has
uniform vec3 palette[11];
uniform vec4 paint;     // one colour for all where flat is set; else only its opacity counts
uniform bool flatly;
uniform float only;     // a community that alone is shown in full, or -1
uniform vec2 grow;      // times as large, and the least size in pixels
uniform bool softly;    // many small fans must not hide the ties
out vec4 tint;
void main() {
  gl_Position = vec4((place - view.xy) * view.zw, 0.0, 1.0);
  gl_PointSize = max(size * grow.x, grow.y);
  float light = softly ? clamp(gl_PointSize / 3.0, 0.35, 1.0) : 1.0;
  float dim = only < 0.0 || only == circle ? 1.0 : 0.06;
  tint = vec4(flatly ? paint.rgb : palette[int(hue)], paint.a * dim * light);
}`;
const LINE = `#version 300 es
precision mediump float;
in vec4 tint;
out vec4 colour;
void main() { colour = tint; }`;
const DISC = `#version 300 es
precision mediump float;
in vec4 tint;
uniform float hollow;   // how much of the radius is left open
out vec4 colour;
void main() {
  float out_ = length(gl_PointCoord - 0.5) * 2.0;
  if (out_ > 1.0 || out_ < hollow) discard;
  colour = tint;
}`;
const QUAD = `#version 300 es
uniform vec4 box;       // middle and half size in clip units
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  at = corner;
  gl_Position = vec4(box.xy + (corner * 2.0 - 1.0) * box.zw, 0.0, 1.0);
}`;
const PAPER = `#version 300 es
precision mediump float;
in vec2 at;
uniform sampler2D picture;
uniform vec4 ground;    // the paper, and how far the picture steps back into it
out vec4 colour;
void main() { colour = vec4(mix(texture(picture, at).rgb, ground.rgb, ground.a), 1.0); }`;

function shader(gl, kind, source) {
  const made = gl.createShader(kind);
  gl.shaderSource(made, source);
  gl.compileShader(made);
  return made;
}

function program(gl, vertex, fragment) {
  const made = gl.createProgram();
  gl.attachShader(made, shader(gl, gl.VERTEX_SHADER, vertex));
  gl.attachShader(made, shader(gl, gl.FRAGMENT_SHADER, fragment));
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made));
  const at = {};
  for (let i = gl.getProgramParameter(made, gl.ACTIVE_UNIFORMS) - 1; i >= 0; i -= 1) {
    const name = gl.getActiveUniform(made, i).name.replace("[0]", "");
    at[name] = gl.getUniformLocation(made, name);
  }
  return { made, at };
}

export const programsOf = (gl) => ({ lines: program(gl, PLANE, LINE), discs: program(gl, PLANE, DISC), paper: program(gl, QUAD, PAPER) });
