/** A source that a claim or a finding cites. */
export interface Source {
  readonly authors: string;
  readonly title: string;
  readonly year: number;
  /** Without `arXiv:`. */
  readonly arxiv?: string;
  readonly doi?: string;
  readonly venue?: string;
}

/** What Sonde rests on, by a short name. */
export const bibliography = {
  collapse: {
    authors: "L. Lu, Y. Su, G. E. Karniadakis",
    title: "Collapse of deep and narrow neural nets",
    year: 2018,
    arxiv: "1808.04947",
  },
  dyingRelu: {
    authors: "L. Lu, Y. Shin, Y. Su, G. E. Karniadakis",
    title: "Dying ReLU and initialization: theory and numerical examples",
    year: 2019,
    arxiv: "1903.06733",
    venue: "Communications in Computational Physics 28(5), 2020",
    doi: "10.4208/cicp.OA-2020-0165",
  },
  neuronDeath: {
    authors: "B. Rister, D. L. Rubin",
    title: "Probabilistic bounds on neuron death in deep rectifier networks",
    year: 2021,
    arxiv: "2007.06192",
  },
  moments: {
    authors: "A. Labatie",
    title: "Characterizing well-behaved vs. pathological deep neural networks",
    year: 2019,
    arxiv: "1811.03087",
    venue: "International Conference on Machine Learning",
  },
  angles: {
    authors: "C. Jakub, M. Nica",
    title: "Network degeneracy as an indicator of training performance: comparing finite and infinite width angle predictions",
    year: 2023,
    arxiv: "2306.01513",
  },
  depthDegeneracy: {
    authors: "C. Jakub, M. Nica",
    title: "Depth degeneracy in neural networks: vanishing angles in fully connected ReLU networks on initialization",
    year: 2024,
    arxiv: "2302.09712",
    venue: "Journal of Machine Learning Research 25(239)",
  },
  vanishingNodes: {
    authors: "W.-Y. Chang, T.-J. Lin",
    title: "Vanishing nodes: another phenomenon that makes training deep neural networks difficult",
    year: 2019,
    arxiv: "1910.09745",
  },
  hochreiter: {
    authors: "S. Hochreiter",
    title: "Untersuchungen zu dynamischen neuronalen Netzen",
    year: 1991,
    venue: "Diploma thesis, Technische Universität München",
  },
  glorot: {
    authors: "X. Glorot, Y. Bengio",
    title: "Understanding the difficulty of training deep feedforward neural networks",
    year: 2010,
    venue: "International Conference on Artificial Intelligence and Statistics",
  },
  orthogonal: {
    authors: "A. M. Saxe, J. L. McClelland, S. Ganguli",
    title: "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    year: 2014,
    arxiv: "1312.6120",
  },
  he: {
    authors: "K. He, X. Zhang, S. Ren, J. Sun",
    title: "Delving deep into rectifiers: surpassing human-level performance on ImageNet classification",
    year: 2015,
    arxiv: "1502.01852",
  },
  batchNorm: {
    authors: "S. Ioffe, C. Szegedy",
    title: "Batch normalization: accelerating deep network training by reducing internal covariate shift",
    year: 2015,
    arxiv: "1502.03167",
  },
  adam: {
    authors: "D. P. Kingma, J. Ba",
    title: "Adam: a method for stochastic optimization",
    year: 2015,
    arxiv: "1412.6980",
  },
  layerNorm: {
    authors: "J. L. Ba, J. R. Kiros, G. E. Hinton",
    title: "Layer normalization",
    year: 2016,
    arxiv: "1607.06450",
  },
  deepInformation: {
    authors: "S. S. Schoenholz, J. Gilmer, S. Ganguli, J. Sohl-Dickstein",
    title: "Deep information propagation",
    year: 2017,
    arxiv: "1611.01232",
  },
  fixup: {
    authors: "H. Zhang, Y. N. Dauphin, T. Ma",
    title: "Fixup initialization: residual learning without normalization",
    year: 2019,
    arxiv: "1901.09321",
  },
  skipInit: {
    authors: "S. De, S. L. Smith",
    title: "Batch normalization biases residual blocks towards the identity function in deep networks",
    year: 2020,
    arxiv: "2002.10444",
  },
  minimumWidth: {
    authors: "B. Hanin, M. Sellke",
    title: "Approximating continuous functions by ReLU nets of minimal width",
    year: 2017,
    arxiv: "1710.11278",
  },
} as const satisfies Readonly<Record<string, Source>>;

/** The short name of a source. */
export type SourceName = keyof typeof bibliography;

/**
 * A source in a line, as `Lu, Su, Karniadakis 2018 (arXiv 1808.04947)`.
 *
 * @example
 * cite("collapse") // "Lu, Su, Karniadakis 2018 (arXiv 1808.04947)"
 */
export function cite(name: SourceName): string {
  const { authors, year, arxiv }: Source = bibliography[name];
  const names = authors.split(", ").map((author) => author.replace(/^([A-Z][^ ]*\. ?)+/, ""));
  return `${names.join(", ")} ${year}${arxiv ? ` (arXiv ${arxiv})` : ""}`;
}
