import { reference } from "./lib/reference.mjs";
import { sonde } from "./lib/sonde.mjs";

const networks = 100;

/** The reference's names of our quantities; increments of residual units are those of the whole unit where the reference says dchi. */
const names = {
  nu2: "nu2",
  mu2: "mu2",
  mu2_over_nu2: "spread",
  r_eff_x: "effectiveRank",
  r_eff_dx: "noiseEffectiveRank",
  log_chi: "logChi",
  chi: "chi",
  log_mu2_dx: "logNoise",
  log_nu2: "logNu2",
  dchi: "deltaChi",
  dchi_bn: "deltaChiNorm",
  dchi_phi: "deltaChiActivation",
  dchi1: "deltaChi",
  dchi_branch: "deltaChiBranch",
  dchi_pred: "deltaChiPredicted",
  dchi_phi_pred: "deltaChiActivationPredicted",
  mu4_z: "kurtosis",
  nu1_abs_z: "meanAbsZ",
  frac_const_sign: "constantSign",
};

const architectures = {
  vanilla: ["256-256x60-10"],
  bn_ff: ["256-256x60-10", "--norm", "batch"],
  bn_res: ["256-256x120-10", "--norm", "batch", "--skip", "residual"],
};

/** Every quantity at every depth of 200 networks of width 256, beside 100 of ours: within 4 sd sqrt(1/100 + 1/200). */
export async function* rows() {
  for (const [name, quantities] of Object.entries(reference("moments").architectures)) {
    const options = ["--embedding", "--batch", "512", "--networks", String(networks), "--seed", "1", "--ranks", "everywhere"];
    const { layers, input } = await sonde("moments", ...architectures[name], ...options);
    for (const [quantity, depths] of Object.entries(quantities))
      for (const [depth, { mean, sd }] of Object.entries(depths)) {
        const found = Number(depth) === 0 ? atInput(input.at(-1), quantity) : atLayer(layers[depth - 1], name, quantity);
        yield {
          case: `${name}, ${quantity}, layer ${depth}`,
          ours: found,
          standardError: sd / Math.sqrt(networks),
          reference: mean,
          referenceError: sd / Math.sqrt(200),
          // Float32.
          tolerance: 1e-6 * Math.abs(mean),
        };
      }
  }
}

function atInput(place, quantity) {
  return quantity === "mu2_over_nu2" ? place.mu2.mean / place.nu2.mean : place[names[quantity]].mean;
}

function atLayer(layer, architecture, quantity) {
  if (quantity === "r_eff_y" || quantity === "r_eff_dy")
    return layer.locations.at(-1)[quantity === "r_eff_y" ? "effectiveRank" : "noiseEffectiveRank"].mean;
  if (architecture === "bn_res" && quantity === "dchi") return layer.deltaChiUnit.mean;
  return layer[names[quantity]].mean;
}
