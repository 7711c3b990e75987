"""LaTeX of every named equation (all sections).

Written by `python -m derivations`; do not edit.
"""

EQUATIONS: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    (
        'The overlap G and the information of a label',
        (
            ('information_slope', ("I'(D) = D\\, G(D), \\qquad G(D) = \\mathbb{E}\\left[\\eta (1 - \\eta)\\right]",)),
            ('overlap_of_squared_posteriors', ('G(D; w) = w\\, \\mathbb{E}_1[(1 - \\eta)^2] + (1 - w)\\, \\mathbb{E}_2[\\eta^2]',)),
            ('overlap_average', ('G(D; w) = \\sqrt{w (1-w)}\\; e^{-D^2/8}\\; \\mathbb{E}\\left[\\tfrac{1}{2} \\mathrm{sech}\\left(\\tfrac{D z}{2} + c\\right)\\right]',)),
            ('overlap_at_small_distance', ('G(D) = D^{8} \\left(105 q^{5} - \\frac{75 q^{4}}{2} + \\frac{13 q^{3}}{4} - \\frac{q^{2}}{24}\\right) + D^{6} \\left(- 15 q^{4} + 4 q^{3} - \\frac{q^{2}}{6}\\right) + D^{4} \\left(3 q^{3} - \\frac{q^{2}}{2}\\right) - D^{2} q^{2} + q',)),
            ('information_at_small_distance', ('I(D) = D^{10} \\left(\\frac{21 q^{5}}{2} - \\frac{15 q^{4}}{4} + \\frac{13 q^{3}}{40} - \\frac{q^{2}}{240}\\right) + D^{8} \\left(- \\frac{15 q^{4}}{8} + \\frac{q^{3}}{2} - \\frac{q^{2}}{48}\\right) + D^{6} \\left(\\frac{q^{3}}{2} - \\frac{q^{2}}{12}\\right) - \\frac{D^{4} q^{2}}{4} + \\frac{D^{2} q}{2}',)),
            ('overlap_at_large_distance', ('G(D) = \\sqrt{w (1-w)}\\; e^{-D^2/8}\\; \\sqrt{\\frac{\\pi}{2}}\\, \\frac{1}{D} \\left[ 1 - \\frac{2}{D^2}\\left(\\frac{\\pi^2}{4} + c^2\\right) + \\frac{2}{D^4}\\left(\\frac{5\\pi^4}{16} + \\frac{3\\pi^2c^2}{2} + c^4\\right) - \\dots \\right]',)),
        ),
    ),
    (
        "psi, psi' and G as Appell-Lerch sums",
        (
            ('appell_lerch', ('1 - \\psi = \\frac{2}{\\theta} \\left( A + B \\right)',)),
            ('overlap_series', ('G(D; w) = \\frac{w}{2}\\, U\\!\\left(c + \\tfrac{D^2}{4};\\ R = \\tfrac{D}{2}\\right)',)),
            ('main_tails', ('\\left| \\text{tail of } A \\right| \\Big/ \\frac{\\pi}{R^2} e^{(\\pi^2/4 - a^2)/(2R^2)} \\leq = \\frac{q^{(K+1)^2/2} (1 + c_{K+1})}{(1 - c_{K+1})^2 (1 - c_{K+2})} =: T', "\\left| \\text{tail of } A' \\right| \\Big/ \\frac{\\pi}{R^2} e^{(\\pi^2/4 - a^2)/(2R^2)} \\leq = \\left( \\frac{a}{R^2} + \\omega + \\frac{8 \\omega c_{K+1}}{(1 - c_{K+1})^2} \\right) T")),
            ('side_tails', ('0 \\leq \\text{tail of } B \\leq = \\frac{y g}{1 - p^{2M+3}} + \\min\\left(\\frac{g}{1 - p^{2M+3}},\\ \\frac{y g p^{-2M-1}}{1 - p^{2M+1}}\\right)', "0 \\leq \\text{tail of } -B' \\leq = 2 \\times \\text{the same}", '0 \\leq \\text{tail of } \\theta \\leq = \\frac{2 g}{1 - p^{2M+3}}, \\qquad g = p^{(M+1)^2}')),
        ),
    ),
    (
        'phi as a Fourier series with residues',
        (
            ('phi_fourier', ('\\phi + \\log 2 = \\frac{P}{2} - 4 \\sum_{j \\geq 0} \\frac{\\cos(k_j a)\\, G_j}{(2j + 1)(1 - Y_j)} + \\sum_{n=1}^{N} \\frac{(-1)^{n+1}}{n} \\frac{E_n (1 + X^{2n})}{1 + W^n} + \\text{remainder}',)),
            ('image_remainder', ("|\\text{remainder of } \\phi,\\ \\psi,\\ \\psi'| \\leq = C\\, \\frac{2\\, e^{2\\alpha^2 R^2 - 2\\alpha x}}{1 - e^{-2\\alpha P}}, \\qquad C = \\frac{1}{\\alpha},\\ 2,\\ 4(N + 1)",)),
            ('exponential_remainder', ("|\\text{remainder of } \\phi,\\ 1 - \\psi,\\ \\psi'| \\leq = C\\, e^{2\\alpha^2 R^2 - 2\\alpha a}",)),
        ),
    ),
    (
        'The gradient of the loss',
        (
            ('mean_gradient', ('-\\nabla_{\\mu_i} L = w_i \\left[ \\frac{\\mu_i}{v} - \\frac{1}{v} \\sum_j A_{ij} \\mu_j - \\beta \\mu_i + \\beta \\sum_k B_{ik} \\mu^\\star_k \\right]',)),
            ('mean_pull', ('\\partial(-\\nabla_{\\mu_i} L)/\\partial \\mu_j = - w_i \\left(\\beta \\delta_{ij} + \\frac{A_{ij} - \\delta_{ij}}{v}\\right)',)),
            ('mode_pull', ('\\partial(-\\nabla_{\\mu_i} L)/\\partial \\mu^\\star_k = \\beta w_i B_{ik}',)),
            ('variance_gradient', ('\\partial L/\\partial v = \\tfrac{1}{2}\\, \\mathbb{E}_q \\left[ \\Delta (\\log q - \\beta \\log p) \\right]',)),
            ('variance_slope', ('\\tfrac{1}{2} \\mathbb{E}_i [\\Delta (\\log q - \\beta \\log p)] = - \\frac{\\beta \\left(- d + S^p_i\\right)}{2} - \\frac{d}{2 v} + \\frac{S^q_i}{2 v^{2}}',)),
            ('logit_gradient', ('\\partial L/\\partial a_i = w_i \\left(e_i - \\bar e\\right)',)),
            ('pair_gradient', ('-\\nabla_{\\mu_1} L = \\beta w_1 \\left(- \\mu_1 + \\mu^\\star \\psi(m_1)\\right) + \\frac{G \\left(\\mu_1 - \\mu_2\\right)}{v}', '-\\nabla_{\\mu_2} L = \\beta \\left(1 - w_1\\right) \\left(- \\mu_2 + \\mu^\\star \\psi(m_2)\\right) + \\frac{G \\left(- \\mu_1 + \\mu_2\\right)}{v}')),
            ('pair_loss', ('L = -I(|\\mu_1 - \\mu_2|) + \\beta \\sum_i w_i \\left( \\tfrac{1}{2} |\\mu_i|^2 - \\phi(\\mu_i \\cdot \\mu^\\star) \\right)',)),
        ),
    ),
    (
        'The averages of the gradient',
        (
            ('softmax_offset', ('o_{ij} = \\log{\\left(w_i \\right)} - \\frac{X}{2 u}',)),
            ('softmax_reach', ('\\partial_z/c_j = \\frac{\\sqrt{v}}{u}',)),
            ('component_loss', ('e_i = - \\beta \\left(- \\frac{d \\left(v + \\log{\\left(2 \\pi \\right)}\\right)}{2} + L^p_i\\right) - \\frac{d \\left(\\log{\\left(2 \\pi v \\right)} + 1\\right)}{2} + L^q_i',)),
            ('spread_part', ('r_j r_k X_{jk}/2 = \\frac{X r_j r_k}{2}',)),
        ),
    ),
    (
        'The flow of the Gram matrix',
        (
            ('gram_flow', ('\\dot Q = -(M Q + Q M^\\top), \\qquad M = 2 P\\, \\frac{\\partial L}{\\partial Q}\\ \\text{on trained rows, 0 elsewhere}',)),
            ('tempered_euclidean_flow', ('\\dot m_1 = \\beta w_1 \\left(- m_1 + \\psi(m_1) R^{2}\\right) + G \\left(m_1 - m_2\\right)', '\\dot m_2 = \\beta \\left(1 - w_1\\right) \\left(- m_2 + \\psi(m_2) R^{2}\\right) + G \\left(- m_1 + m_2\\right)', '\\dot s_{11} = 2 \\beta w_1 \\left(m_1 \\psi(m_1) - s_{11}\\right) + 2 G \\left(s_{11} - s_{12}\\right)', '\\dot s_{12} = \\beta w_1 \\left(m_2 \\psi(m_1) - s_{12}\\right) + \\beta \\left(1 - w_1\\right) \\left(m_1 \\psi(m_2) - s_{12}\\right) + G \\left(- s_{11} + s_{12}\\right) + G \\left(s_{12} - s_{22}\\right)', '\\dot s_{22} = 2 \\beta \\left(1 - w_1\\right) \\left(m_2 \\psi(m_2) - s_{22}\\right) + 2 G \\left(- s_{12} + s_{22}\\right)')),
            ('tempered_natural_flow', ('\\dot m_1 = \\frac{- \\beta w_1 m_1 + \\beta w_1 \\psi(m_1) R^{2} + m_1 G - m_2 G}{w_1}', '\\dot m_2 = \\frac{- \\beta w_1 m_2 + \\beta w_1 \\psi(m_2) R^{2} + \\beta m_2 - \\beta \\psi(m_2) R^{2} + m_1 G - m_2 G}{w_1 - 1}', '\\dot s_{11} = \\frac{2 \\beta w_1 m_1 \\psi(m_1) - 2 \\beta w_1 s_{11} + 2 G s_{11} - 2 G s_{12}}{w_1}', '\\dot s_{12} = \\frac{\\beta w_1^{2} m_1 \\psi(m_2) + \\beta w_1^{2} m_2 \\psi(m_1) - 2 \\beta w_1^{2} s_{12} - \\beta w_1 m_1 \\psi(m_2) - \\beta w_1 m_2 \\psi(m_1) + 2 \\beta w_1 s_{12} + w_1 G s_{11} - w_1 G s_{22} - G s_{12} + G s_{22}}{w_1^{2} - w_1}', '\\dot s_{22} = \\frac{2 \\beta w_1 m_2 \\psi(m_2) - 2 \\beta w_1 s_{22} - 2 \\beta m_2 \\psi(m_2) + 2 \\beta s_{22} + 2 G s_{12} - 2 G s_{22}}{w_1 - 1}')),
            ('free_energy_euclidean_flow', ('\\dot m_1 = w_1 \\left(- m_1 + \\psi(m_1) R^{2}\\right) + G T \\left(m_1 - m_2\\right)', '\\dot m_2 = G T \\left(- m_1 + m_2\\right) + \\left(1 - w_1\\right) \\left(- m_2 + \\psi(m_2) R^{2}\\right)', '\\dot s_{11} = 2 w_1 \\left(m_1 \\psi(m_1) - s_{11}\\right) + 2 G T \\left(s_{11} - s_{12}\\right)', '\\dot s_{12} = w_1 \\left(m_2 \\psi(m_1) - s_{12}\\right) + G T \\left(- s_{11} + s_{12}\\right) + G T \\left(s_{12} - s_{22}\\right) + \\left(1 - w_1\\right) \\left(m_1 \\psi(m_2) - s_{12}\\right)', '\\dot s_{22} = 2 G T \\left(- s_{12} + s_{22}\\right) + \\left(2 - 2 w_1\\right) \\left(m_2 \\psi(m_2) - s_{22}\\right)')),
        ),
    ),
    (
        'Summary statistics and the alignment identity',
        (
            ('loss', ('L = a \\left(w_1 \\left(\\frac{s_{11}}{2} - \\phi\\left(m_1\\right)\\right) + \\left(1 - w_1\\right) \\left(\\frac{s_{22}}{2} - \\phi\\left(m_2\\right)\\right)\\right) - b I\\left(\\sqrt{s_{11} - 2 s_{12} + s_{22}}\\right)',)),
            ('full_flow', ('\\dot m_1 = P_1 \\left(a w_1 \\left(- m_1 + \\psi(m_1) R^{2}\\right) + G b \\left(m_1 - m_2\\right)\\right)', '\\dot m_2 = P_2 \\left(a \\left(1 - w_1\\right) \\left(- m_2 + \\psi(m_2) R^{2}\\right) + G b \\left(- m_1 + m_2\\right)\\right)', '\\dot s_{11} = 2 P_1 \\left(a w_1 \\left(m_1 \\psi(m_1) - s_{11}\\right) + G b \\left(s_{11} - s_{12}\\right)\\right)', '\\dot s_{12} = P_1 \\left(a w_1 \\left(m_2 \\psi(m_1) - s_{12}\\right) + G b \\left(s_{12} - s_{22}\\right)\\right) + P_2 \\left(a \\left(1 - w_1\\right) \\left(m_1 \\psi(m_2) - s_{12}\\right) + G b \\left(- s_{11} + s_{12}\\right)\\right)', '\\dot s_{22} = 2 P_2 \\left(a \\left(1 - w_1\\right) \\left(m_2 \\psi(m_2) - s_{22}\\right) + G b \\left(- s_{12} + s_{22}\\right)\\right)')),
            ('difference_of_overlaps', ('\\delta = \\frac{R e^{\\ell}}{\\sqrt{1 + e^{- 2 x}}}',)),
            ('reduced_log_flow', ('ds/d\\tau = - s + R^{2} \\left(w_1 \\psi(m_1) + \\psi(m_2) \\left(1 - w_1\\right)\\right)', 'd\\log\\rho/d\\tau = K', 'd\\log D/d\\tau = c^2 K - 1 + \\frac{G T}{w_1 \\left(1 - w_1\\right)}')),
            ('alignment_rate', ('d\\log\\rho/d\\tau = \\frac{R^{2} \\left(\\psi(m_1) - \\psi(m_2)\\right)}{m_1 - m_2}',)),
        ),
    ),
    (
        'The growth rate of log rho',
        (
            ('coincident_growth', ("K = \\psi'(s) R^{2}",)),
        ),
    ),
    (
        'The coordinates of a pair',
        (
        ),
    ),
    (
        'The law of a random start',
        (
            ('sphere_probability', ('P = \\mathbb{E}_{c, y}\\, I_u\\big(\\tfrac12, \\tfrac{d-2}{2}\\big), \\qquad u = \\frac{x_c(c, y)^2}{1 - y^2}',)),
        ),
    ),
    (
        'The flows in the variables of their integration',
        (
            ('centre_flow', ('\\dot c = \\frac{a \\delta \\left(K - 1\\right) \\left(w_1 P_1 - P_2 w_2\\right)}{4} + \\frac{a \\left(- c + R^{2} \\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right)\\right) \\left(w_1 P_1 + P_2 w_2\\right)}{2} + \\frac{\\delta G b \\left(P_1 - P_2\\right)}{2}', '\\dot\\delta = \\frac{a \\delta \\left(K - 1\\right) \\left(w_1 P_1 + P_2 w_2\\right)}{2} + a \\left(- c + R^{2} \\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right)\\right) \\left(w_1 P_1 - P_2 w_2\\right) + \\delta G b \\left(P_1 + P_2\\right)', '\\dot S = a \\left(c \\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right) - S\\right) \\left(w_1 P_1 + P_2 w_2\\right) + \\frac{a \\left(w_1 P_1 - P_2 w_2\\right) \\left(\\frac{c \\delta K}{R^{2}} - C\\right)}{2} + C G b \\left(P_1 - P_2\\right)', '\\dot C = a \\left(c \\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right) - S\\right) \\left(w_1 P_1 - P_2 w_2\\right) + \\frac{a \\left(w_1 P_1 - P_2 w_2\\right) \\left(\\frac{\\delta^{2} K}{R^{2}} - X\\right)}{4} + \\frac{a \\left(w_1 P_1 + P_2 w_2\\right) \\left(\\frac{c \\delta K}{R^{2}} - 2 C + \\delta \\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right)\\right)}{2} + C G b \\left(P_1 + P_2\\right) + \\frac{X G b \\left(P_1 - P_2\\right)}{2}', '\\dot X = 2 a \\left(- C + \\delta \\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right)\\right) \\left(w_1 P_1 - P_2 w_2\\right) + a \\left(w_1 P_1 + P_2 w_2\\right) \\left(\\frac{\\delta^{2} K}{R^{2}} - X\\right) + 2 X G b \\left(P_1 + P_2\\right)')),
            ('centre_jacobian', ("J = \\begin{pmatrix} \\frac{a \\delta \\left(\\partial_1 K + \\partial_2 K\\right) \\left(w_1 P_1 - P_2 w_2\\right)}{4} + \\frac{a \\left(w_1 P_1 + P_2 w_2\\right) \\left(R^{2} \\left(\\frac{\\psi'(m_1)}{2} + \\frac{\\psi'(m_2)}{2}\\right) - 1\\right)}{2} & \\frac{a \\delta \\left(\\frac{\\partial_1 K}{2} - \\frac{\\partial_2 K}{2}\\right) \\left(w_1 P_1 - P_2 w_2\\right)}{4} + \\frac{a R^{2} \\left(\\frac{\\psi'(m_1)}{4} - \\frac{\\psi'(m_2)}{4}\\right) \\left(w_1 P_1 + P_2 w_2\\right)}{2} + \\frac{a \\left(K - 1\\right) \\left(w_1 P_1 - P_2 w_2\\right)}{4} + \\frac{G b \\left(P_1 - P_2\\right)}{2} & 0 & 0 & \\frac{\\delta G' b \\left(P_1 - P_2\\right)}{4 D} \\\\ \\frac{a \\delta \\left(\\partial_1 K + \\partial_2 K\\right) \\left(w_1 P_1 + P_2 w_2\\right)}{2} + a \\left(w_1 P_1 - P_2 w_2\\right) \\left(R^{2} \\left(\\frac{\\psi'(m_1)}{2} + \\frac{\\psi'(m_2)}{2}\\right) - 1\\right) & \\frac{a \\delta \\left(\\frac{\\partial_1 K}{2} - \\frac{\\partial_2 K}{2}\\right) \\left(w_1 P_1 + P_2 w_2\\right)}{2} + a R^{2} \\left(\\frac{\\psi'(m_1)}{4} - \\frac{\\psi'(m_2)}{4}\\right) \\left(w_1 P_1 - P_2 w_2\\right) + \\frac{a \\left(K - 1\\right) \\left(w_1 P_1 + P_2 w_2\\right)}{2} + G b \\left(P_1 + P_2\\right) & 0 & 0 & \\frac{\\delta G' b \\left(P_1 + P_2\\right)}{2 D} \\\\ \\frac{a \\left(w_1 P_1 - P_2 w_2\\right) \\left(\\frac{c \\delta \\left(\\partial_1 K + \\partial_2 K\\right)}{R^{2}} + \\frac{\\delta K}{R^{2}}\\right)}{2} + a \\left(w_1 P_1 + P_2 w_2\\right) \\left(c \\left(\\frac{\\psi'(m_1)}{2} + \\frac{\\psi'(m_2)}{2}\\right) + \\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right) & a c \\left(\\frac{\\psi'(m_1)}{4} - \\frac{\\psi'(m_2)}{4}\\right) \\left(w_1 P_1 + P_2 w_2\\right) + \\frac{a \\left(w_1 P_1 - P_2 w_2\\right) \\left(\\frac{c \\delta \\left(\\frac{\\partial_1 K}{2} - \\frac{\\partial_2 K}{2}\\right)}{R^{2}} + \\frac{c K}{R^{2}}\\right)}{2} & - a \\left(w_1 P_1 + P_2 w_2\\right) & - \\frac{a \\left(w_1 P_1 - P_2 w_2\\right)}{2} + G b \\left(P_1 - P_2\\right) & \\frac{C G' b \\left(P_1 - P_2\\right)}{2 D} \\\\ \\frac{a \\delta^{2} \\left(\\partial_1 K + \\partial_2 K\\right) \\left(w_1 P_1 - P_2 w_2\\right)}{4 R^{2}} + a \\left(w_1 P_1 - P_2 w_2\\right) \\left(c \\left(\\frac{\\psi'(m_1)}{2} + \\frac{\\psi'(m_2)}{2}\\right) + \\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right) + \\frac{a \\left(w_1 P_1 + P_2 w_2\\right) \\left(\\frac{c \\delta \\left(\\partial_1 K + \\partial_2 K\\right)}{R^{2}} + \\delta \\left(\\frac{\\psi'(m_1)}{2} + \\frac{\\psi'(m_2)}{2}\\right) + \\frac{\\delta K}{R^{2}}\\right)}{2} & a c \\left(\\frac{\\psi'(m_1)}{4} - \\frac{\\psi'(m_2)}{4}\\right) \\left(w_1 P_1 - P_2 w_2\\right) + \\frac{a \\left(w_1 P_1 - P_2 w_2\\right) \\left(\\frac{\\delta^{2} \\left(\\frac{\\partial_1 K}{2} - \\frac{\\partial_2 K}{2}\\right)}{R^{2}} + \\frac{2 \\delta K}{R^{2}}\\right)}{4} + \\frac{a \\left(w_1 P_1 + P_2 w_2\\right) \\left(\\frac{c \\delta \\left(\\frac{\\partial_1 K}{2} - \\frac{\\partial_2 K}{2}\\right)}{R^{2}} + \\frac{c K}{R^{2}} + \\delta \\left(\\frac{\\psi'(m_1)}{4} - \\frac{\\psi'(m_2)}{4}\\right) + \\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right)}{2} & - a \\left(w_1 P_1 - P_2 w_2\\right) & - a \\left(w_1 P_1 + P_2 w_2\\right) + G b \\left(P_1 + P_2\\right) & - \\frac{a \\left(w_1 P_1 - P_2 w_2\\right)}{4} + \\frac{C G' b \\left(P_1 + P_2\\right)}{2 D} + \\frac{D G' b \\left(P_1 - P_2\\right)}{4} + \\frac{G b \\left(P_1 - P_2\\right)}{2} \\\\ \\frac{a \\delta^{2} \\left(\\partial_1 K + \\partial_2 K\\right) \\left(w_1 P_1 + P_2 w_2\\right)}{R^{2}} + 2 a \\delta \\left(\\frac{\\psi'(m_1)}{2} + \\frac{\\psi'(m_2)}{2}\\right) \\left(w_1 P_1 - P_2 w_2\\right) & 2 a \\left(w_1 P_1 - P_2 w_2\\right) \\left(\\delta \\left(\\frac{\\psi'(m_1)}{4} - \\frac{\\psi'(m_2)}{4}\\right) + \\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right) + a \\left(w_1 P_1 + P_2 w_2\\right) \\left(\\frac{\\delta^{2} \\left(\\frac{\\partial_1 K}{2} - \\frac{\\partial_2 K}{2}\\right)}{R^{2}} + \\frac{2 \\delta K}{R^{2}}\\right) & 0 & - 2 a \\left(w_1 P_1 - P_2 w_2\\right) & - a \\left(w_1 P_1 + P_2 w_2\\right) + D G' b \\left(P_1 + P_2\\right) + 2 G b \\left(P_1 + P_2\\right) \\end{pmatrix}",)),
            ('reduced_log_jacobian', ("J = \\begin{pmatrix} R^{2} \\left(w_1 \\psi'(m_1) + \\psi'(m_2) \\left(1 - w_1\\right)\\right) - 1 & \\delta R^{2} \\bar c^2 \\left(w_1 \\psi'(m_1) \\left(1 - w_1\\right) - w_1 \\psi'(m_2) \\left(1 - w_1\\right)\\right) & \\delta R^{2} \\left(w_1 \\psi'(m_1) \\left(1 - w_1\\right) - w_1 \\psi'(m_2) \\left(1 - w_1\\right)\\right) \\\\ \\partial_1 K + \\partial_2 K & \\delta \\bar c^2 \\left(- w_1 \\partial_2 K + \\partial_1 K \\left(1 - w_1\\right)\\right) & \\delta \\left(- w_1 \\partial_2 K + \\partial_1 K \\left(1 - w_1\\right)\\right) \\\\ c^2 \\left(\\partial_1 K + \\partial_2 K\\right) & c^2 \\delta \\bar c^2 \\left(- w_1 \\partial_2 K + \\partial_1 K \\left(1 - w_1\\right)\\right) + 2 c^2 \\bar c^2 K & c^2 \\delta \\left(- w_1 \\partial_2 K + \\partial_1 K \\left(1 - w_1\\right)\\right) + \\frac{D G' T}{w_1 \\left(1 - w_1\\right)} \\end{pmatrix}",)),
        ),
    ),
    (
        'Fixed points of an aligned pair',
        (
            ('aligned_rest', ('F_1 = - m_1 + \\psi(m_1) R^{2} + \\frac{G T \\left(m_1 - m_2\\right)}{w_1}', 'F_2 = - m_2 - \\frac{G T \\left(m_1 - m_2\\right)}{1 - w_1} + \\psi(m_2) R^{2}')),
            ('rest_curve', ('w_1 f(m_1) = -w_2 f(m_2)', 'T = \\frac{w_2 f(m_2)}{G(D) (m_1 - m_2)}')),
            ('across_rate', ('\\frac{d}{d\\tau} \\log|\\Delta_\\perp| = -1 + \\frac{G T}{w_1 \\left(1 - w_1\\right)}',)),
            ('divergence', ('\\mathrm{KL}(q \\,\\|\\, p) = w_1 \\left(- \\phi(m_1) + \\frac{s_{11}}{2}\\right) - I + \\frac{R^{2}}{2} + \\left(1 - w_1\\right) \\left(- \\phi(m_2) + \\frac{s_{22}}{2}\\right) - \\frac{\\log{\\left(4 w^\\star \\left(1 - w^\\star\\right) \\right)}}{2}',)),
        ),
    ),
    (
        'Boxes that no run leaves',
        (
        ),
    ),
    (
        'Means on the sphere',
        (
            ('sphere_pair_flow', ('\\dot x / x = - \\frac{M \\left(\\frac{M K}{2 R^{2}} + \\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right)}{4 R^{2}} + \\frac{K \\left(1 - x^{2}\\right)}{2}', '\\dot M = - \\frac{G M T \\left(1 - c\\right)}{v} + R^{2} \\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right) - \\frac{x^{2} M R^{2} K \\left(1 - c\\right) + \\frac{\\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right) \\left(2 x^{2} R^{4} \\left(1 - c\\right) + M^{2}\\right)}{2}}{2 R^{2}}', '\\dot c = - \\frac{2 G T \\left(1 - c^{2}\\right)}{v} + \\frac{- x^{2} R^{2} K \\left(1 - c\\right) \\left(c + 1\\right) + M \\left(1 - c\\right) \\left(\\frac{\\psi(m_1)}{2} + \\frac{\\psi(m_2)}{2}\\right)}{2 R^{2}}')),
            ('log_variance_flow', ('\\frac{d \\log v}{d\\tau} = \\frac{T}{v} - 1', 'v \\partial_v = - \\frac{T}{v}', '\\partial_T = \\frac{1}{v}')),
            ('sphere_trapping_ceiling', ('T = \\frac{w_i \\psi(m_1) v \\sqrt{- m_1^{2} + R^{4}}}{G R^{2} \\sqrt{1 - c^{2}}}',)),
        ),
    ),
    (
        'Unequal weights on the sphere',
        (
            ('sphere_means_flow', ('\\dot m_1 = w_1 \\psi(m_1) \\left(- \\frac{m_1^{2}}{R^{2}} + R^{2}\\right) + \\frac{2 G T \\left(m_1 c - m_2\\right)}{v_1 + v_2}', '\\dot m_2 = \\frac{2 G T \\left(- m_1 + m_2 c\\right)}{v_1 + v_2} + \\psi(m_2) \\left(1 - w_1\\right) \\left(- \\frac{m_2^{2}}{R^{2}} + R^{2}\\right)', '\\dot c = - \\frac{4 G T \\left(1 - c^{2}\\right)}{v_1 + v_2} + \\frac{w_1 \\psi(m_1) \\left(- m_1 c + m_2\\right) + \\psi(m_2) \\left(1 - w_1\\right) \\left(m_1 - m_2 c\\right)}{R^{2}}', '\\dot v_1/v_1 = \\frac{2 w_1 \\left(T - v_1\\right) + \\frac{4 G T \\left(v_1 - v_2\\right)}{v_1 + v_2}}{v_1}', '\\dot v_2/v_2 = \\frac{- \\frac{4 G T \\left(v_1 - v_2\\right)}{v_1 + v_2} + \\left(2 - 2 w_1\\right) \\left(T - v_2\\right)}{v_2}')),
            ('label_distance', ('\\sqrt{X} = \\sqrt{- 2 d \\mathrm{log1p}{\\left(- \\frac{\\left(v_1 - v_2\\right)^{2}}{\\left(v_1 + v_2\\right)^{2}} \\right)} + \\frac{2 D^{2}}{v_1 + v_2}}',)),
            ('variance_return', ('\\tfrac12 \\tfrac{d}{dt} |v - 1|^2 = \\left(v_1 - 1\\right) \\left(2 w_1 \\left(1 - v_1\\right) + \\frac{4 G \\left(v_1 - v_2\\right)}{v_1 + v_2}\\right) + \\left(v_2 - 1\\right) \\left(- \\frac{4 G \\left(v_1 - v_2\\right)}{v_1 + v_2} + \\left(1 - v_2\\right) \\left(2 - 2 w_1\\right)\\right)',)),
        ),
    ),
    (
        'The trained variance',
        (
            ('pair_variance_gradient', ("\\partial L/\\partial v = \\frac{\\beta \\left(d - R^{2} \\left(w_1 \\psi'(m_1) + \\psi'(m_2) \\left(1 - w_1\\right)\\right)\\right)}{2} - \\frac{d}{2 v} + \\frac{D^{2} G\\left(\\frac{D}{\\sqrt{v}}\\right)}{2 v^{2}}",)),
            ('variance_rate', ('\\dot v = T - v',)),
            ('lagging_variance', ('v = T_0 \\left(- \\frac{\\kappa \\mathrm{expm1}{\\left(t \\left(\\kappa - 1\\right) \\right)}}{1 - \\kappa} + 1\\right) e^{- \\kappa t}',)),
            ('lagging_variance_even', ('v = T_0 \\left(t + 1\\right) e^{- t}',)),
            ('relaxing_variance', ('v = T + \\left(v_0 - T\\right) e^{- t}',)),
        ),
    ),
    (
        'Annealing on the sphere in closed form',
        (
            ('linear_passage', ('\\dot x = \\lambda x', '\\dot N = \\lambda N - g (1 - c) (N - 2\\epsilon)')),
            ('hot_growth', ('\\lambda = \\frac{\\sqrt{2} R}{2 \\sqrt{\\pi} \\sqrt{v}}',)),
            ('bias_of_target', ('\\epsilon = \\frac{h}{R^{2}}',)),
            ('passage_rates', ('\\dot\\vartheta = \\frac{2 G T}{v}', "\\dot\\Lambda = \\frac{\\psi'(-h) R^{2}}{2}")),
            ('passage_distance', ('D/\\sqrt{v} = \\frac{R \\sqrt{2 \\tanh{\\left(\\vartheta \\right)} + 2}}{\\sqrt{v}}',)),
            ('passage_turn', ('A = \\vartheta + \\frac{\\mathrm{log1p}{\\left(e^{- 2 \\vartheta} \\right)}}{2} - \\frac{\\log{\\left(2 \\right)}}{2}',)),
            ('passage_integrand', ('\\lambda\\, e^{\\Lambda(t) - \\Lambda - A(t) + A} = \\lambda e^{\\Lambda(t) - \\Lambda - A(t) - A}',)),
            ('passage_sum', ('N = 2 \\epsilon \\left(Q + 1\\right)',)),
            ('log_passage_threshold', ('\\log x_c = - \\Lambda + \\log{\\left(\\epsilon \\right)} + \\mathrm{log1p}{\\left(Q \\right)} + \\frac{\\mathrm{log1p}{\\left(e^{- 2 \\vartheta} \\right)}}{2}',)),
            ('antipodal_growth', ("\\lambda - 2 g = \\frac{\\psi'(-h) R^{2}}{2} - \\frac{2 G T}{v}",)),
            ('antipodal_surplus', ('\\lambda - 2 g = \\frac{\\sqrt{2} q}{2 \\sqrt{\\pi}} - 2 G',)),
            ('stability_constant_of', ('\\alpha = q^{2}',)),
            ('laplace_exponent', ('\\Lambda + B = \\frac{2 \\left(\\frac{\\sqrt{2} q}{2 \\sqrt{\\pi}} + 2 \\int_q^\\infty G(2p)/p\\,dp\\right)}{\\kappa}',)),
            ('laplace_threshold', ("x_c = \\frac{\\sqrt{2} \\sqrt{\\pi} \\epsilon \\lambda e^{- I}}{\\sqrt{\\phi''}}",)),
            ('paper_exponent', ('I = \\frac{\\sqrt{2} R \\left(\\frac{\\sqrt{\\alpha}}{R} - \\frac{1}{\\sqrt{T_0}}\\right)}{\\sqrt{\\pi} \\kappa}',)),
            ('paper_threshold', ('x_c = \\sqrt{2} \\epsilon e^{- I}',)),
        ),
    ),
    (
        'Slow annealing on the sphere',
        (
            ('background_response', ('\\dot M_1 = F^M_M M_1 + F^M_c c_1 + F^M_X - 2 \\dot\\Lambda M_1', '\\dot c_1 = F^c_M M_1 + F^c_c c_1 + F^c_X - 2 \\dot\\Lambda c_1', 'b = F^\\Lambda_M M_1 + F^\\Lambda_c c_1 + F^\\Lambda_X')),
            ('log_slow_sphere_threshold', ('\\log x_c = - \\Lambda - \\frac{\\log{\\left(2 J \\right)}}{2}',)),
        ),
    ),
    (
        'Infinitely hot starts on the sphere',
        (
            ('hot_start_shift', ('\\log\\rho_c(T_0) - \\log\\rho_c(\\infty) = \\frac{\\sqrt{2} f R}{\\sqrt{\\pi} \\kappa \\sqrt{T_0}}',)),
            ('lag_factor', ('\\text{factor} = \\sqrt{1-\\kappa}\\; {}_2F_1\\big(\\tfrac12, p; 1 + p; \\kappa\\big), \\qquad p = -\\frac{\\kappa}{2 (1-\\kappa)}',)),
        ),
    ),
    (
        'Pairs at rest on the sphere',
        (
            ('plane_flow', ('\\dot\\theta_1 = - w_1 \\psi(m_1) \\sin{\\left(\\theta_1 \\right)} + \\frac{G T \\sin{\\left(\\theta_1 - \\theta_2 \\right)}}{v}', '\\dot\\theta_2 = - \\frac{G T \\sin{\\left(\\theta_1 - \\theta_2 \\right)}}{v} + \\psi(m_2) \\left(w_1 - 1\\right) \\sin{\\left(\\theta_2 \\right)}')),
            ('width_divergence', ('\\mathrm{KL}_v = \\frac{d \\left(v - \\log{\\left(v \\right)} - 1\\right)}{2}',)),
        ),
    ),
    (
        'The gain of the transient',
        (
            ('gain_integral', ("\\log C(s(0)) = \\int_{s(0)}^{s^\\star} \\frac{R^2 \\psi'(s) - \\kappa^\\star}{f(s)} \\, ds",)),
            ('gain_exponent', ('\\gamma = \\frac{- \\kappa^\\star + \\kappa_0}{\\kappa_0 - 1}',)),
            ('gain_at_zero', ("L = \\gamma \\log s^\\star + \\int_0^{s^\\star} \\left( \\frac{R^2 \\psi'(s) - \\kappa^\\star}{f(s)} - \\frac{\\gamma}{s} \\right) ds",)),
            ('gain_small_start', ("\\log C(s(0)) = L - \\frac{\\gamma \\log{\\left(s(0)^{2} \\right)}}{2} - \\frac{\\psi'''(0) s(0)^{2} R^{2} \\left(- \\frac{- \\kappa^\\star + \\kappa_0}{\\left(\\kappa_0 - 1\\right) \\left(6 \\kappa_0 - 6\\right)} + \\frac{1}{2 \\kappa_0 - 2}\\right)}{2}",)),
            ('dimension_exponent', ('\\lim \\frac{d \\log P}{d \\log d} = \\frac{\\kappa^\\star - 1}{2 \\kappa_0 - 2}',)),
            ('symmetric_probability', ('P = \\frac{\\sqrt{2} \\mu_\\gamma \\sqrt{d} B \\left(\\frac{\\sqrt{2} R}{2 \\sqrt{d}}\\right)^{\\gamma}}{\\sqrt{\\pi}}',)),
        ),
    ),
    (
        'The fold of the collapsed pair and its cusp',
        (
            ('fold_conditions', ('F_1 = F_2 = \\det J = 0, \\qquad l \\cdot F_T \\neq 0, \\qquad N \\neq 0',)),
            ('heat_equation', ("\\partial_R\\, g(u)\\, \\varphi(z) = R\\, g''(u)\\, \\varphi(z) - \\partial_z \\left( g'(u)\\, \\varphi(z) \\right)",)),
        ),
    ),
    (
        'The passage through the critical temperature',
        (
            ('passage_offset', ('x_1 = \\frac{|z_0| K_c}{\\alpha} - \\log{\\left(2 K_c \\right)} + \\frac{\\log{\\left(a c b \\right)}}{2} + \\gamma',)),
            ('prefactor', ('\\log A = \\kappa^\\star \\left[ \\int_{-\\infty}^0 \\left( \\tfrac1K - \\tfrac1{\\kappa^\\star} \\right) dx + \\int_0^\\infty \\left( \\tfrac1K - \\tfrac1{K_c} \\right) dx + \\frac{x_1}{K_c} \\right]',)),
        ),
    ),
    (
        'The constant of the passage',
        (
            ('orbit_clock', ('\\tau - \\tau_0 = \\frac{\\omega}{a} + \\frac{a_3}{a^2} \\log\\frac{\\omega}{a} + O\\left(\\frac{\\log\\omega}{\\omega}\\right)',)),
            ('airy_constant', ("B_0 = \\lim_{\\epsilon\\to0} \\left[ \\frac{1}{\\mathrm{Ai}'(z_0)^2} \\int_{z_0+\\epsilon}^\\infty \\frac{\\mathrm{Ai}'^3}{\\mathrm{Ai}} d\\zeta + \\log\\epsilon \\right] = -1.00851825\\dots",)),
            ('passage_time', ('\\tau_c = \\frac{|z_0|}{\\alpha} - \\frac{a_3}{a^2} \\left(- B_0 + \\log{\\left(\\alpha \\right)}\\right) + \\frac{\\frac{c_1}{a c}}{2}',)),
            ('refined_prefactor', ('\\log A = \\kappa^\\star \\tau_c + X',)),
            ('drift_of_the_orbit', ('\\Delta_1 \\log A = \\kappa^\\star r \\left(\\frac{|z_0| S(x_w)}{\\alpha} + \\left(\\int S\\,d\\tau\\right)\\right)',)),
            ('bend_of_the_ramp', ('|\\Delta_2 \\log A| = \\frac{|z_0|^{2} \\kappa^\\star \\frac{q}{r}}{10 \\alpha^{2}}',)),
        ),
    ),
    (
        'What slow annealing costs',
        (
            ('slow_reduction', ('\\dot x = K(s(x, T), \\delta(x, T)), \\qquad \\dot T = -r(T)',)),
            ('slow_threshold', ('\\log \\rho_c = - \\kappa^\\star \\tau_\\mathrm{hot} - \\log C + \\log A',)),
            ('saturated_hot_clock', ('\\lim_{T_0 \\to \\infty} 2 \\tau_\\mathrm{hot} = - t_0 \\mathrm{log1p}{\\left(- \\frac{1}{\\theta} \\right)}',)),
            ('annealing_cost', ('t_0 = \\frac{2}{\\kappa^\\star \\ell} \\log\\left( \\sqrt{\\frac{2 d}{\\pi}} \\frac{A}{C\\, P} \\right)',)),
        ),
    ),
    (
        'The distance in the hot phase',
        (
            ('hot_distance_squared_warm', ('D_T^2 = \\frac{e \\left(e \\left(e \\left(e \\left(q \\left(q \\left(168 q - 36\\right) + 12\\right) - 3\\right) + q \\left(q \\left(- 24 q - 12\\right) + 4\\right)\\right) + q^{2} \\left(24 q - 6\\right)\\right) + 12 q^{3}\\right)}{12 q^{4}}',)),
            ('hot_distance_series', ('D_T^2 = 4 e - \\frac{8 e^{3}}{3} + 8 e^{4} + O\\left(e^{5}\\right)',)),
            ('lambert_argument', ('\\omega e^\\omega / B^2 = \\frac{\\pi T^{2}}{8 q}',)),
            ('hot_distance_lambert', ('D_T^2 = 4 W - \\frac{4 \\left(c^{2} + \\frac{\\pi^{2}}{4}\\right)}{W + 1} + \\frac{\\pi^{2} c^{2} + \\frac{\\pi^{4}}{4}}{W^{2}}',)),
        ),
    ),
    (
        'The noise of the gradient',
        (
            ('responsibility_powers', ('\\mathbb{E}[r^1] = 2 G', '\\mathbb{E}[r^2] = G', '\\mathbb{E}[r^3] = - 2 H + G', '\\mathbb{E}[r^4] = - 3 H + G')),
            ('noise_across', ('V = \\frac{\\beta^{2}}{2} + \\beta \\left(- 4 G \\chi + \\chi - 1\\right) + 2 G \\chi - \\frac{\\chi}{2} + \\frac{1}{2}',)),
            ('typical_length', ('|\\Delta_\\perp|^2_{\\mathrm{after}} = |\\Delta_\\perp|^2 + V \\left(d - 3\\right)', 'k = \\frac{|\\Delta_\\perp|^2}{|\\Delta_\\perp|^2 + V \\left(d - 3\\right)}', '\\mathrm{variance\\ added} = \\frac{V}{|\\Delta_\\perp|^2 + V \\left(d - 3\\right)}')),
            ('spread_after', ('S^2_{\\mathrm{after}} = a^{2} S^2 + C',)),
            ('noisy_probability', ('P = \\mathbb{E}_{s(0), |\\Delta_\\perp|} \\left[ \\mathrm{erf} \\frac{\\zeta_c}{\\sqrt{2}} \\right], \\qquad S(0)^2 = 2 R^2 \\sigma^2',)),
        ),
    ),
    (
        'The noise of any weights, and on the sphere',
        (
            ('component_noise_across', ('V_{\\mathrm{own}} = \\beta^{2} w_i^{2} v - 2 \\beta w_i^{2} \\chi \\mathbb{E}_i[r] + 2 \\beta w_i^{2} \\chi - 2 \\beta w_i^{2} + \\frac{w_i^{2} \\chi \\mathbb{E}_i[r^2]}{v} - \\frac{w_i^{2} \\chi}{v} + \\frac{w_i^{2}}{v}', 'V_{\\mathrm{mixed}} = \\beta w_i^{2} \\chi \\mathbb{E}_i[r] - \\frac{w_i^{2} \\chi \\mathbb{E}_i[r^2]}{v}', 'V_{\\mathrm{other}} = \\frac{w_i^{2} \\chi \\mathbb{E}_i[r^2]}{v}')),
            ('tangent_noise', ('\\mathrm{var}(e \\cdot \\Delta) = C_1 \\left(1 - ^{2}\\right)^{2} + ^{2} \\left(V \\left(- ^{2} + \\frac{c}{2} + \\frac{1}{2}\\right) + S_2 \\left(\\frac{1}{2} - \\frac{c}{2}\\right)\\right)', '\\mathrm{var}(e \\cdot \\Sigma) = ^{2} \\left(C_2 \\left(\\frac{1}{2} - \\frac{c}{2}\\right) + W \\left(- ^{2} + \\frac{c}{2} + \\frac{1}{2}\\right)\\right) + S_1 \\left(1 - ^{2}\\right)^{2}')),
            ('after_projection', ('c_{\\mathrm{after}} = \\frac{- V n + n W - 2 R^{2} \\left(1 - c\\right) + 2 R^{2} \\left(c + 1\\right)}{V n + n W + 2 R^{2} \\left(1 - c\\right) + 2 R^{2} \\left(c + 1\\right)}', 'x_{\\mathrm{after}}/x = \\sqrt{2} R \\sqrt{\\frac{1 - c}{V n + 2 R^{2} \\left(1 - c\\right)}}', 'M_{\\mathrm{after}}/M = \\frac{2 R}{\\sqrt{V n + n W + 2 R^{2} \\left(1 - c\\right) + 2 R^{2} \\left(c + 1\\right)}}')),
            ('sum_slope', ("\\partial_M \\dot M = - \\frac{\\psi(m_i) M}{2 R^{2}} - \\frac{\\psi'(m_i) M^{2}}{8 R^{2}} + \\frac{\\psi'(m_i) R^{2}}{2} + \\frac{G c T}{v} - \\frac{G T}{v}",)),
        ),
    ),
    (
        'How long alignment survives',
        (
            ('direction_survival', ('\\mathbb{E}[\\hat\\Delta(t) \\cdot \\hat\\Delta(0)] = e^{- \\frac{V \\epsilon t \\left(d - 1\\right)}{2 D^{2}}}',)),
            ('held_noise', ('V = \\frac{\\beta^{2}}{2} - \\beta + \\chi \\left(- \\beta^{2} + \\frac{3 \\beta}{2} - \\frac{1}{2}\\right) + \\frac{1}{2}',)),
            ('alignment_growth', ('\\frac{d}{dt} \\log\\rho = - \\frac{V \\epsilon \\left(d - 3\\right)}{2 D^{2}} + \\frac{\\beta \\kappa^\\star}{2}',)),
            ('most_noise', ('\\epsilon_{\\max} = \\frac{\\beta D^{2} \\kappa^\\star}{V \\left(d - 3\\right)}',)),
            ('cold_noise', ('V = \\frac{D^{2}}{8}',)),
            ('cold_square', ('|\\Delta_\\perp|^2 = \\frac{4}{t + \\frac{4}{|\\Delta_\\perp|^2}}',)),
            ('cold_cap', ('\\rho_{\\max} = \\sqrt{\\frac{8 \\kappa^\\star}{\\epsilon \\left(d - 3\\right)} - 1}',)),
            ('heat_dilution', ('\\frac{\\rho_{\\mathrm{after}}}{\\rho} = \\frac{1}{\\sqrt{1 + \\frac{\\epsilon \\left(1 - \\beta\\right) \\left(d - 3\\right)}{2 |\\Delta_\\perp|^2}}}',)),
            ('threshold_moves', ('\\dot M = \\frac{V \\left(p_\\rho - p_D \\bar c^2\\right) \\left(d - 3\\right)}{2 |\\Delta_\\perp|^{2}}', '\\dot W = \\frac{C \\left(p_\\rho + p_D c^2\\right)^{2}}{\\delta^{2}}', '\\dot A = \\frac{V c^2 \\left(p_\\rho - p_D \\bar c^2\\right) \\left(d - 3\\right)}{2 |\\Delta_\\perp|^{2}}', '\\dot U = p_s^{2} C_s')),
            ('noisy_argument', ('x_\\epsilon = \\frac{x e^{\\epsilon M}}{\\sqrt{2 x^{2} \\epsilon W + 1}}',)),
            ('chance_move', ('\\frac{dP}{d\\epsilon} = \\frac{2 x \\left(- x^{2} W + M\\right) e^{- x^{2}}}{\\sqrt{\\pi}}',)),
            ('shift_bounds', ('x_{\\mathrm{least}} = \\frac{\\log{\\left(2 \\epsilon M + 1 \\right)}}{2}', 'x_{\\mathrm{most}} = \\epsilon \\left(- A + M\\right) - \\frac{\\log{\\left(- 2 A \\epsilon + 1 \\right)}}{2}')),
        ),
    ),
    (
        'The threshold on the sphere with noise',
        (
            ('projection_drift', ('\\dot{(\\log x)} = \\frac{V n}{4 R^{2} \\left(c - 1\\right)}', '\\dot{(\\log M)} = - \\frac{n \\left(V + W\\right)}{8 R^{2}}', '\\dot c = - \\frac{n \\left(V c + V + c W - W\\right)}{4 R^{2}}')),
            ('start_scores', ('\\partial_{\\log u} \\log n_u = \\rho^2 \\left(4 - d\\right)', '\\partial_y \\log n_y = \\frac{y \\left(d - 3\\right)}{y^{2} - 1}')),
            ('start_slopes', ('\\partial_y M = R^{2} \\sqrt{2 c + 2}', 'P_y = \\frac{p_x y}{y^{2} - 1} + p_M R^{2} \\sqrt{2 c + 2}')),
            ('sphere_threshold_moves', ('\\dot A_x = - p_x b_x', '\\dot A_c = - p_c b_c - p_M M b_M', '\\dot A_u = \\frac{p_x^{2} C_x}{2} + \\frac{p_M^{2} C_M}{2}', '\\dot A_y = \\frac{p_M r C_M}{2}', '\\dot A_b = \\frac{p_x^{2} x^{2} C_x}{2}', '\\dot U = r^{2} C_M')),
            ('sphere_shift', ('M_x = A_x \\left(\\rho^2 + 1\\right)', 'M_c = A_c \\left(\\rho^2 + 1\\right)', 'M_u = s_u A_u \\left(\\rho^2 + 1\\right)', 'M_y = A_y \\left(\\rho^2 + 1\\right) \\left(- s_u p_s + s_y\\right)')),
            ('beyond_first', ('x_{\\mathrm{beyond}} = \\epsilon M - \\frac{\\log{\\left(2 \\epsilon M + 1 \\right)}}{2}',)),
            ('beyond_widening', ('1 - \\frac{\\log(1 + g)}{g} = 1 - \\frac{\\log{\\left(U \\epsilon \\left(d - 3\\right) + 1 \\right)}}{U \\epsilon \\left(d - 3\\right)}',)),
        ),
    ),
    (
        'The best schedule',
        (
            ('schedule_hamiltonian', ('H = p_{\\ell} \\left(4 T G{\\left(\\ell \\right)} + K{\\left(s,x,\\ell \\right)} c^{2}{\\left(x \\right)} - 1\\right) + p_{s} f{\\left(s,x,\\ell \\right)} + p_{x} K{\\left(s,x,\\ell \\right)} - 2 T',)),
            ('least_pulse_time', ('t_{\\mathrm{pulse}} = \\frac{4 \\pi \\sqrt{T_c}}{\\sqrt{a c}}',)),
            ('pulse_temperature', ('T_{\\mathrm{pulse}} = 2 T_c',)),
            ('alignment_needed', ('L = \\log{\\left(\\frac{\\sqrt{2} \\sqrt{d} \\mathbb{E}[1/C]}{\\sqrt{\\pi} P} \\right)}',)),
            ('exponential_price', ('\\Pi_{\\mathrm{exponential}} = \\frac{\\log{\\left(\\frac{T_0 - 1}{T_1 - 1} \\right)}}{\\log{\\left(\\frac{1 - \\frac{1}{T_0}}{1 - \\frac{1}{T_c}} \\right)}}',)),
            ('exponential_price_free', ('\\Pi_{\\mathrm{exponential}} = \\frac{\\log{\\left(\\frac{T_0 - 1}{T_1 - 1} \\right)}}{\\log{\\left(\\frac{T_0 - 1}{T_c - 1} \\right)}}',)),
            ('exponential_to_one_price', ('\\Pi_{\\mathrm{exponential\\ to\\ one}} = \\frac{\\log{\\left(\\frac{T_0}{T_1} \\right)}}{- \\frac{1}{T_0} + \\frac{1}{T_c}}',)),
            ('exponential_to_one_price_free', ('\\Pi_{\\mathrm{exponential\\ to\\ one}} = \\frac{\\log{\\left(\\frac{T_0}{T_1} \\right)}}{\\log{\\left(\\frac{T_0}{T_c} \\right)}}',)),
            ('alignment_cost', ('t_{\\mathrm{align}} = \\frac{2 L \\Pi}{\\kappa^\\star}',)),
            ('passage_cost', ('t_{\\mathrm{pass}} = \\frac{2 \\pi T_0}{\\sqrt{a c} \\sqrt{- T_c + T_0}}',)),
            ('passage_cost_free', ('t_{\\mathrm{pass}} = \\frac{2 \\pi}{\\sqrt{a c} \\sqrt{- T_c + T_0}}',)),
        ),
    ),
    (
        'Large separation',
        (
            ('averages_at_large_separation', ("1 - \\psi = \\sqrt{\\frac{\\pi}{2}} \\frac{e^{-a^2/(2R^2)}}{R} \\left[ S - \\frac{S''}{2R^2} + \\frac{S''''}{8R^4} - \\dots \\right]", "\\psi' = \\sqrt{\\frac{\\pi}{2}} \\frac{e^{-a^2/(2R^2)}}{R} \\left[ K - \\frac{K''}{2R^2} + \\frac{K''''}{8R^4} - \\dots \\right]")),
            ('collapsed_state_at_large_separation', ("s^\\star = R^2 - R \\sqrt{\\frac{\\pi}{2}}\\, e^{-(R^2+h)^2/(2R^2)} \\left[ S(\\alpha) - \\frac{S''(\\alpha)}{2R^2} + O(R^{-4}) \\right]", "\\kappa^\\star = R \\sqrt{\\frac{\\pi}{2}}\\, e^{-(R^2+h)^2/(2R^2)} \\left[ K(\\alpha) - \\frac{K''(\\alpha)}{2R^2} + O(R^{-4}) \\right]")),
            ('collapsed_overlap_large', ('s^\\star = R^{2} - \\frac{\\sqrt{2} \\sqrt{\\pi} \\left(128 R^{4} - 16 \\pi^{2} R^{2} + \\pi^{2} \\left(16 h^{2} + 5 \\pi^{2}\\right)\\right) e^{- \\frac{\\left(h + R^{2}\\right)^{2}}{2 R^{2}}}}{256 R^{3}}',)),
            ('escape_rate_large', ('\\kappa^\\star = \\frac{\\sqrt{2} \\sqrt{\\pi} \\left(128 R^{4} + 16 R^{2} \\left(8 h - \\pi^{2}\\right) + \\pi^{2} \\left(16 h^{2} - 48 h + 5 \\pi^{2}\\right)\\right) e^{- \\frac{\\left(h + R^{2}\\right)^{2}}{2 R^{2}}}}{256 R^{3}}',)),
            ('start_rate_large', ('\\kappa_0 = \\frac{\\sqrt{2} \\left(- 12 h^{2} + 24 R^{2} - \\pi^{2}\\right)}{24 \\sqrt{\\pi} R}',)),
            ('psi_at_the_midpoint', ('U = 1 - \\psi(R y - h) = 2 \\bar\\Phi(y) + \\frac{\\pi^2}{12 R^2}\\, y\\, \\varphi(y) + O(R^{-4})',)),
            ('fold_place_large', ('y = \\sqrt{\\log{\\left(\\frac{R^{2}}{2 \\pi} \\right)}}',)),
            ('fold_distance_large', ('D_c = - 2 y + \\frac{2 h}{R} - R \\left(\\frac{\\pi^{2} y}{12 R^{3}} + 2 \\bar\\Phi(y)\\right) + 2 R',)),
            ('critical_temperature_large', ('T_c = \\frac{D_c - R U}{\\sqrt{2\\pi}}\\, e^{D_c^2/8} \\left( 1 + \\frac{\\pi^2}{2 D_c^2} \\right) \\left( 1 + O(y^3 R^{-3}) \\right)', 'D_c = 2R - R U - 2y + \\frac{2h}{R}', 'U = 2 \\bar\\Phi(y) + \\frac{\\pi^2 y}{12 R^3}', 'y = \\sqrt{\\log\\frac{R^2}{2\\pi}}')),
        ),
    ),
    (
        'Annealing schedules',
        (
            ('constant_excess', ('T - 1 = e_0',)),
            ('hold_excess', ('T - 1 = e_0',)),
            ('hold_end', ('x_1 = 1',)),
            ('hold_clock', ('y = \\frac{x}{e_0 + 1}',)),
            ('hold_elapsed', ('x = y \\left(e_0 + 1\\right)',)),
            ('hold_excess_at_clock', ('T - 1 = e_0',)),
            ('hold_time_above', ('x = 1',)),
            ('hold_clock_above', ('y = \\frac{1}{e_0 + 1}',)),
            ('exponential_excess', ('T - 1 = e_0 e^{- x}',)),
            ('exponential_clock', ('y = \\mathrm{log1p}{\\left(\\frac{\\mathrm{expm1}{\\left(x \\right)}}{e_0 + 1} \\right)}',)),
            ('exponential_elapsed', ('x = \\mathrm{log1p}{\\left(\\left(e_0 + 1\\right) \\mathrm{expm1}{\\left(y \\right)} \\right)}',)),
            ('exponential_excess_at_clock', ('T - 1 = \\frac{e_0 e^{- y}}{- \\left(e_0 + 1\\right) \\mathrm{expm1}{\\left(- y \\right)} + e^{- y}}',)),
            ('exponential_time_above', ('x = \\mathrm{log1p}{\\left(\\frac{- e + e_0}{e} \\right)}',)),
            ('exponential_clock_above', ('y = \\mathrm{log1p}{\\left(\\frac{- e + e_0}{e \\left(e_0 + 1\\right)} \\right)}',)),
            ('exponential_to_one_excess', ('T - 1 = \\left(e_0 - \\mathrm{expm1}{\\left(x \\right)}\\right) e^{- x}',)),
            ('exponential_to_one_end', ('x_1 = \\mathrm{log1p}{\\left(e_0 \\right)}',)),
            ('exponential_to_one_clock', ('y = \\frac{\\mathrm{expm1}{\\left(x \\right)}}{e_0 + 1}',)),
            ('exponential_to_one_elapsed', ('x = \\mathrm{log1p}{\\left(y \\left(e_0 + 1\\right) \\right)}',)),
            ('exponential_to_one_excess_at_clock', ('T - 1 = \\frac{e_0 - y \\left(e_0 + 1\\right)}{y \\left(e_0 + 1\\right) + 1}',)),
            ('exponential_to_one_time_above', ('x = \\mathrm{log1p}{\\left(\\frac{- e + e_0}{e + 1} \\right)}',)),
            ('exponential_to_one_clock_above', ('y = \\frac{- e + e_0}{\\left(e + 1\\right) \\left(e_0 + 1\\right)}',)),
            ('linear_excess', ('T - 1 = e_0 \\left(1 - x\\right)',)),
            ('linear_end', ('x_1 = 1',)),
            ('linear_clock', ('y = \\frac{\\mathrm{log1p}{\\left(\\frac{x e_0}{e_0 \\left(1 - x\\right) + 1} \\right)}}{e_0}',)),
            ('linear_elapsed', ('x = \\frac{\\left(- e_0 - 1\\right) \\mathrm{expm1}{\\left(- e_0 y \\right)}}{e_0}',)),
            ('linear_excess_at_clock', ('T - 1 = \\left(e_0 - \\mathrm{expm1}{\\left(e_0 y \\right)}\\right) e^{- e_0 y}',)),
            ('linear_time_above', ('x = \\frac{- e + e_0}{e_0}',)),
            ('linear_clock_above', ('y = \\frac{\\mathrm{log1p}{\\left(\\frac{- e + e_0}{e + 1} \\right)}}{e_0}',)),
            ('linear_beta_excess', ('T - 1 = \\frac{e_0 \\left(1 - x\\right)}{x e_0 + 1}',)),
            ('linear_beta_end', ('x_1 = 1',)),
            ('linear_beta_clock', ('y = \\frac{\\frac{x^{2} e_0}{2} + x}{e_0 + 1}',)),
            ('linear_beta_elapsed', ('x = \\frac{y \\left(2 e_0 + 2\\right)}{\\sqrt{2 e_0 y \\left(e_0 + 1\\right) + 1} + 1}',)),
            ('linear_beta_excess_at_clock', ('T - 1 = \\frac{e_0 \\left(e_0 - y \\left(2 e_0 + 2\\right) + 2\\right)}{\\sqrt{2 e_0 y \\left(e_0 + 1\\right) + 1} \\left(e_0 + \\sqrt{2 e_0 y \\left(e_0 + 1\\right) + 1} + 1\\right)}',)),
            ('linear_beta_time_above', ('x = \\frac{- e + e_0}{e_0 \\left(e + 1\\right)}',)),
            ('linear_beta_clock_above', ('y = \\frac{\\left(- e + e_0\\right) \\left(e + e_0 + 2\\right)}{2 e_0 \\left(e + 1\\right)^{2} \\left(e_0 + 1\\right)}',)),
            ('power_excess', ('T - 1 = e_0 e^{- p \\mathrm{log1p}{\\left(x \\right)}}',)),
            ('power_time_above', ('x = \\mathrm{expm1}{\\left(\\frac{\\mathrm{log1p}{\\left(\\frac{- e + e_0}{e} \\right)}}{p} \\right)}',)),
            ('exponential_clock_late', ('y = x - \\mathrm{log1p}{\\left(e_0 \\right)} + \\mathrm{log1p}{\\left(e_0 e^{- x} \\right)}',)),
            ('exponential_elapsed_late', ('x = y + \\mathrm{log1p}{\\left(e_0 \\right)} + \\mathrm{log1p}{\\left(- \\frac{e_0 e^{- y}}{e_0 + 1} \\right)}',)),
            ('exponential_time_above_late', ('x = - \\log{\\left(e \\right)} + \\log{\\left(e_0 \\right)}',)),
            ('power_time_above_late', ('x = \\mathrm{expm1}{\\left(\\frac{- \\log{\\left(e \\right)} + \\log{\\left(e_0 \\right)}}{p} \\right)}',)),
        ),
    ),
    (
        'Lines of a table of temperatures',
        (
            ('clock_over_line', ('c = \\frac{w \\mathrm{log1p}{\\left(u \\right)}}{T_k u}',)),
            ('time_on_line', ('w = \\frac{c T_k \\mathrm{expm1}{\\left(g \\right)}}{g}',)),
            ('temperature_on_line', ('T = T_k e^{g}',)),
            ('excess_on_line', ('T - 1 = e_k + T_k \\mathrm{expm1}{\\left(g \\right)}',)),
        ),
    ),
)
