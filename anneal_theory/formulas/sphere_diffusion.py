"""The diffusion of a pair on the sphere (theory section 12).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import sqrt


def difference_turning(
    pair_cosine: Any, separation: Any, dim: Any, variance: Any, beta: Any, score: Any, overlap: Any, overlap_prime: Any
) -> Any:
    """Rate at which noise of strength 1 takes the mean cosine of mu_1 - mu_2 with its direction of old.

    Args:
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
        beta: inverse temperature.
        score: 1 for a gradient with its score term (plain), 0 for one without (path).
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
    """
    part_0 = separation**2
    part_1 = (1/variance)
    part_2 = beta**2*variance
    part_3 = overlap*score
    part_4 = beta*part_3
    part_5 = (1/2)*part_3
    part_6 = part_1*part_5
    part_7 = part_4 - part_6
    part_8 = pair_cosine**2
    part_9 = (1/2)*beta
    part_10 = (1/4)*part_1
    part_11 = -part_10*score + part_10 + (1/4)*part_2 - part_4 + part_6 + part_9*score - part_9
    part_12 = overlap**2
    part_13 = (1/(variance**2))
    part_14 = part_12*part_13
    part_15 = overlap_prime*score/(separation*sqrt(2 - 2*pair_cosine))
    part_16 = beta*part_15/sqrt(variance) - 3/2*part_15/variance**(3/2)
    part_17 = -part_13*part_5 + (1/2)*part_14*score + part_16
    part_18 = part_0*part_17
    part_19 = pair_cosine**3
    part_20 = (
        (1/2)*beta*overlap*part_1 + (3/4)*overlap*part_13*score - 1/4*overlap*part_13 - part_1*part_3*part_9 +
        (1/2)*part_12*part_13*score - part_14 - part_16
    )
    part_21 = part_0*part_20
    return (
        -1/4*(7*beta*overlap*score - 3/2*beta*score + (3/2)*beta + 2*dim*part_11 - 2*dim*part_7 - pair_cosine*part_11 -
        pair_cosine*part_18 - pair_cosine*part_21 + pair_cosine*part_7 + part_0*part_17*part_19 + part_0*part_17 +
        part_0*part_19*part_20 + part_0*part_20 - 7/2*part_1*part_3 + (3/4)*part_1*score - 3/4*part_1 - part_18*part_8 -
        3/4*part_2 - part_21*part_8 - part_7*part_8)/(part_0*(pair_cosine - 1))
    )


def pair_diffusion(
    difference_cosine: Any, overlap_sum: Any, pair_cosine: Any, separation: Any, dim: Any, variance: Any, beta: Any,
    score: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any, psi_second_1: Any, psi_second_2: Any,
    overlap: Any, overlap_prime: Any, overlap_second: Any
) -> tuple[Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, Any]:
    """Of noise of strength 1: covariances of log x, m1 + m2 and c in the order xx, xM, xc, MM, Mc, cc; drifts of x over x, of m1 + m2 and of c; what moves a law of (x, M, c) but for its slopes.

    Args:
        difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        dim: dimension of the samples.
        variance: common variance of the components, or of one coordinate of an initial mean.
        beta: inverse temperature.
        score: 1 for a gradient with its score term (plain), 0 for one without (path).
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        psi_second_1: second derivative of psi at m1.
        psi_second_2: second derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        overlap_second: second derivative of G in D.
    """
    part_0 = overlap*score
    part_1 = beta*part_0
    part_2 = (1/variance)
    part_3 = (1/2)*part_0
    part_4 = part_2*part_3
    part_5 = part_1 - part_4
    part_6 = difference_cosine**2
    part_7 = separation**4
    part_8 = 8*part_7
    part_9 = part_6*part_8
    part_10 = overlap_sum**2
    part_11 = 2*part_10
    part_12 = 2*pair_cosine
    part_13 = 2 - part_12
    part_14 = part_10*part_13
    part_15 = part_11 + part_14 - part_8
    part_16 = separation**6
    part_17 = (1/part_16)
    part_18 = (1/4)*part_17
    part_19 = (1/part_13)
    part_20 = (1/part_6)
    part_21 = part_19*part_20
    part_22 = overlap**2
    part_23 = (1/(variance**2))
    part_24 = part_22*part_23
    part_25 = (1/2)*score
    part_26 = (1/separation)
    part_27 = sqrt(part_13)
    part_28 = (1/part_27)
    part_29 = overlap_prime*part_28
    part_30 = part_26*part_29
    part_31 = variance**(-3/2)
    part_32 = (3/2)*score
    part_33 = part_31*part_32
    part_34 = 1/sqrt(variance)
    part_35 = beta*score
    part_36 = part_34*part_35
    part_37 = -part_30*part_33 + part_30*part_36
    part_38 = -part_23*part_3 + part_24*part_25 + part_37
    part_39 = (1/8)*part_38
    part_40 = part_14*part_20/part_7
    part_41 = (1/2)*beta
    part_42 = part_41*score
    part_43 = (1/4)*part_2
    part_44 = beta**2
    part_45 = (1/4)*part_44
    part_46 = part_45*variance
    part_47 = -part_1 + part_4 - part_41 + part_42 - part_43*score + part_43 + part_46
    part_48 = 4*part_7
    part_49 = part_10 - part_48
    part_50 = part_48*part_6 + part_49
    part_51 = separation**2
    part_52 = part_51*psi_prime_1
    part_53 = part_42*part_52
    part_54 = part_51*psi_prime_2
    part_55 = part_42*part_54
    part_56 = -overlap*part_53 - overlap*part_55
    part_57 = difference_cosine*overlap_sum*part_27*part_51 - part_50
    part_58 = overlap_sum*part_27
    part_59 = difference_cosine*part_51
    part_60 = part_58*part_59
    part_61 = part_50 + part_60
    part_62 = (1/(separation**10))
    part_63 = part_57*part_61*part_62
    part_64 = (
        (1/2)*beta*overlap*part_2 - overlap*part_2*part_42 + (3/4)*overlap*part_23*score - 1/4*overlap*part_23 +
        (1/2)*part_22*part_23*score - part_24 - part_37
    )
    part_65 = (1/8)*part_64
    part_66 = -1/4*part_44*part_51
    part_67 = part_45*part_51
    part_68 = part_67*psi_prime_1
    part_69 = (1/2)*part_44*variance
    part_70 = (
        beta*overlap*part_51*psi_prime_1*score + (1/2)*beta*part_51*psi_prime_1 - part_52*part_69 - part_53 - part_66 -
        part_67*psi_1**2 - part_68
    )
    part_71 = (1/16)*part_70
    part_72 = part_61**2*part_62
    part_73 = part_67*psi_prime_2
    part_74 = (
        beta*overlap*part_51*psi_prime_2*score + (1/2)*beta*part_51*psi_prime_2 - part_54*part_69 - part_55 - part_66 -
        part_67*psi_2**2 - part_73
    )
    part_75 = (1/16)*part_74
    part_76 = part_57**2*part_62
    part_77 = (1/part_51)
    part_78 = part_5*part_77
    part_79 = (1/2)*part_78
    part_80 = overlap_sum*pair_cosine*part_79
    part_81 = part_47*part_77
    part_82 = (1/2)*part_81
    part_83 = overlap_sum*part_82
    part_84 = part_17*part_56
    part_85 = (1/8)*part_84
    part_86 = part_13*part_7
    part_87 = part_6*part_86
    part_88 = overlap_sum*(-part_10 + part_48 + part_87 - part_9)
    part_89 = (1/8)*part_13
    part_90 = part_38*part_89
    part_91 = part_27 - 2
    part_92 = part_27 + 2
    part_93 = part_91*part_92
    part_94 = overlap_sum*part_93
    part_95 = part_64*part_89
    part_96 = overlap_sum*part_95
    part_97 = (1/(separation**8))
    part_98 = (1/difference_cosine)
    part_99 = part_97*part_98
    part_100 = part_71*part_99
    part_101 = 2*part_51
    part_102 = part_27*part_59
    part_103 = overlap_sum + part_102
    part_104 = -part_101 + part_103
    part_105 = part_101 + part_103
    part_106 = part_104*part_105
    part_107 = part_106*part_61
    part_108 = part_75*part_99
    part_109 = difference_cosine*part_27*part_51 - overlap_sum - part_101
    part_110 = -overlap_sum + part_102
    part_111 = part_101 + part_110
    part_112 = part_109*part_111
    part_113 = part_112*part_57
    part_114 = part_13*part_6*part_7 - part_50 - part_86
    part_115 = 4*part_59
    part_116 = part_13*part_59
    part_117 = -part_115 + part_116 + part_58
    part_118 = difference_cosine*part_13*part_51 - part_115 - part_58
    part_119 = part_118*part_57
    part_120 = part_13**2
    part_121 = -part_120*part_6*part_7
    part_122 = -part_121 - part_15 - 6*part_87
    part_123 = part_106*part_112
    part_124 = (1/16)*part_17
    part_125 = part_124*part_70
    part_126 = part_104**2*part_105**2
    part_127 = part_117*part_118
    part_128 = part_124*part_74
    part_129 = part_109**2*part_111**2
    part_130 = part_6*part_7
    part_131 = 16*part_130
    part_132 = part_120*part_130
    part_133 = part_84*part_89
    part_134 = part_120*part_94
    part_135 = part_112*part_118*part_27
    part_136 = part_13*part_93
    part_137 = part_91**2
    part_138 = part_92**2
    part_139 = part_120*part_137*part_138
    part_140 = part_117**2*part_13
    part_141 = part_118**2*part_13
    part_142 = 8*dim
    part_143 = (1/8)*part_78
    part_144 = 4*dim
    part_145 = -part_144
    part_146 = (1/4)*part_81
    part_147 = (1/16)*part_13*part_38*part_93
    part_148 = 12*part_10
    part_149 = (1/16)*part_84
    part_150 = part_13*part_64
    part_151 = (1/16)*part_93
    part_152 = 4*overlap_sum**3*part_27
    part_153 = 16*part_58*part_7
    part_154 = part_13**(3/2)
    part_155 = 6*overlap_sum*part_154
    part_156 = part_130*part_155
    part_157 = part_131*part_58
    part_158 = 48*part_16
    part_159 = difference_cosine**3
    part_160 = part_159*part_16
    part_161 = (
        -8*difference_cosine*part_13*part_16 - difference_cosine*part_158 + part_120*part_160 + 4*part_13*part_160 +
        9*part_14*part_59 + part_148*part_59 + part_158*part_159
    )
    part_162 = (1/32)*part_97
    part_163 = part_19*part_98
    part_164 = part_162*part_163
    part_165 = dim - 1
    part_166 = 6*pair_cosine
    part_167 = (3/16)*part_17
    part_168 = (1/4)*part_13
    part_169 = pair_cosine*part_93
    part_170 = 12*part_60
    part_171 = part_155*part_59
    part_172 = -part_11 - part_13*part_48 + 3*part_132 + 3*part_14 + part_8 - 10*part_87
    part_173 = dim - 4
    part_174 = part_51*psi_second_1
    part_175 = (1/4)*part_1
    part_176 = part_51*psi_second_2
    part_177 = -part_174*part_175 - part_175*part_176
    part_178 = part_124*part_88
    part_179 = part_177*part_178
    part_180 = 5*part_87
    part_181 = part_27*part_7
    part_182 = part_181*psi_second_1
    part_183 = (1/4)*beta*overlap*part_27*part_7*psi_second_2*score - part_175*part_182
    part_184 = difference_cosine*part_28*part_7
    part_185 = part_184*psi_second_1
    part_186 = part_184*psi_second_2
    part_187 = part_29*separation**3
    part_188 = part_187*part_34*part_42
    part_189 = part_175*part_185 - part_175*part_186 + part_188*psi_prime_1 + part_188*psi_prime_2
    part_190 = part_114*part_18
    part_191 = 3*part_58
    part_192 = part_115 + 3*part_116
    part_193 = part_191 + part_192
    part_194 = part_193*part_70
    part_195 = -part_191 + part_192
    part_196 = (1/4)*beta
    part_197 = (1/8)*part_44
    part_198 = (
        (1/2)*beta*overlap*part_51*psi_second_1*score + (1/4)*beta*part_51*psi_second_1 - part_174*part_196*score -
        part_174*part_197 - part_174*part_46 - part_68*psi_1
    )
    part_199 = part_162*part_28
    part_200 = part_107*part_199
    part_201 = part_181*part_45
    part_202 = psi_1*psi_prime_1
    part_203 = (
        (1/2)*beta*overlap*part_27*part_7*psi_second_1*score + (1/4)*beta*part_27*part_7*psi_second_1 -
        part_182*part_196*score - part_182*part_197 - part_182*part_46 - part_201*part_202
    )
    part_204 = (1/32)*part_163
    part_205 = (
        (1/2)*beta*overlap*part_51*psi_second_2*score + (1/4)*beta*part_51*psi_second_2 - part_176*part_196*score -
        part_176*part_197 - part_176*part_46 - part_73*psi_2
    )
    part_206 = part_113*part_199
    part_207 = part_181*psi_second_2
    part_208 = part_196*part_207
    part_209 = overlap*part_42
    part_210 = psi_2*psi_prime_2
    part_211 = part_197*part_207 + part_201*part_210 - part_207*part_209 + part_207*part_46 + part_208*score - part_208
    part_212 = part_185*part_196
    part_213 = part_184*part_45
    part_214 = part_187*part_36
    part_215 = (
        part_185*part_197 - part_185*part_209 + part_185*part_46 + part_202*part_213 + part_212*score - part_212 -
        part_214*psi_prime_1
    )
    part_216 = (
        (1/2)*beta*difference_cosine*overlap*part_28*part_7*psi_second_2*score +
        (1/4)*beta*difference_cosine*part_28*part_7*psi_second_2 - part_186*part_196*score - part_186*part_197 -
        part_186*part_46 - part_210*part_213 - part_214*psi_prime_2
    )
    part_217 = part_119*part_162
    part_218 = part_29*separation
    part_219 = part_218*part_31
    part_220 = part_218*part_36 - part_219*part_25
    part_221 = part_168*part_77
    part_222 = -part_220
    part_223 = 2*dim
    part_224 = 14*pair_cosine - 2
    part_225 = -part_224
    part_226 = difference_cosine*part_183
    part_227 = (1/32)*part_17
    part_228 = part_205*part_227
    part_229 = overlap_second*part_19
    part_230 = part_229*part_23*part_32
    part_231 = part_2*part_229*part_35
    part_232 = part_218/variance**(5/2)
    part_233 = -part_0*part_232
    part_234 = overlap_prime*part_26/part_154
    part_235 = part_234*part_33
    part_236 = part_234*part_36
    part_237 = part_230 - part_231 + part_232*part_25 + part_233 - part_235 + part_236
    part_238 = (
        2*overlap*part_232 - part_219*part_41 + part_219*part_42 - part_230 + part_231 - 3/4*part_232*score +
        (1/4)*part_232 + part_233 + part_235 - part_236
    )
    part_239 = part_216*part_227
    return (
        (-1/2*part_17*part_21*part_47*part_50 + part_18*part_21*part_5*(part_15 + part_9) +
        (1/8)*part_21*part_56*part_63 + part_21*part_71*part_72 + part_21*part_75*part_76 + part_39*part_40 +
        part_40*part_65, part_100*part_107*part_28 + part_108*part_113*part_28 - part_80 - part_83 + part_85*part_88 +
        part_90*part_94 + part_93*part_96, -part_100*part_117*part_61 + part_108*part_119 + (1/2)*part_114*part_84,
        (1/4)*part_122*part_78 + part_123*part_85 + part_125*part_126 + part_127*part_90 + part_128*part_129 -
        part_82*(part_49 + part_87) + part_95*(-part_13*part_9 + part_131 + part_132 + part_14),
        -part_106*part_117*part_125*part_27 + part_128*part_135 - part_13*part_80 + part_13*part_83 + part_133*part_88 +
        part_134*part_39 - part_134*part_65, pair_cosine*part_136*part_79 + part_125*part_140 - part_127*part_133 +
        part_128*part_141 - part_136*part_82 - part_139*part_39 + part_139*part_65, part_143*part_19*(4*pair_cosine +
        part_120 + part_142 - 20) - part_146*part_19*(-part_12 - part_145 - 6) + part_147 + part_149*part_19*(-part_121
        + 4*part_13*part_6*part_7 - part_13*part_8 - part_14 - part_148 - 48*part_6*part_7 + 48*part_7) +
        part_150*part_151 + part_164*part_70*(part_152 - part_153 + part_156 + part_157 + part_161) +
        part_164*part_74*(-part_152 + part_153 - part_156 - part_157 + part_161), part_103*part_106*part_167*part_70 -
        part_110*part_112*part_167*part_74 - part_165*part_83 + part_96*(2 - part_166), -pair_cosine*part_165*part_81 +
        (1/8)*part_122*part_17*part_56 - part_125*(-part_170 + part_171 + part_172) - part_128*(part_170 - part_171 +
        part_172) - part_168*part_169*part_38 + (1/4)*part_5*part_77*(8*pair_cosine + part_120 + part_144 - 12) -
        part_93*part_95*(4 - part_166), (1/32)*part_117*part_215*part_61*part_97*part_98 -
        1/16*part_163*part_183*part_63 - part_164*part_194*part_61 + (1/4)*part_17*part_19*part_56*(part_180 + part_50 -
        5*part_86) + part_173*part_19*part_5*part_77 - part_173*part_19*part_81 - part_179 - part_189*part_190 +
        (1/32)*part_19*part_195*part_57*part_74*part_97*part_98 - part_198*part_200*part_98 - part_203*part_204*part_72
        - part_204*part_211*part_76 - part_205*part_206*part_98 - part_216*part_217*part_98,
        (1/4)*overlap_sum*pair_cosine*part_13*part_222*part_77 - overlap_sum*part_120*part_151*part_237 +
        (1/16)*overlap_sum*part_120*part_238*part_91*part_92 + (1/16)*overlap_sum*part_13*part_225*part_38 -
        overlap_sum*part_146*(part_223 - 7) + (1/16)*overlap_sum*part_17*part_56*(-5*part_10 + part_180 + 20*part_7 +
        part_9) - overlap_sum*part_220*part_221 + (1/8)*overlap_sum*part_5*part_77*(12 - 10*pair_cosine) +
        (1/32)*part_104*part_105*part_117*part_17*part_215*part_27 - part_106*part_194*part_227*part_28 +
        (1/32)*part_109*part_111*part_17*part_195*part_28*part_74 - part_123*part_124*part_177 -
        part_126*part_198*part_227 - part_129*part_228 - part_13*part_178*part_189 - part_135*part_239 -
        3/16*part_150*part_94 - part_178*part_226 - part_200*part_203 - part_206*part_211,
        (1/32)*part_104*part_105*part_117*part_17*part_198*part_27 + (1/16)*part_117*part_118*part_13*part_17*part_189 +
        (1/32)*part_117*part_17*part_193*part_70 + (1/32)*part_117*part_203*part_61*part_97 +
        (1/32)*part_118*part_17*part_195*part_74 + (1/16)*part_120*part_137*part_138*part_237 +
        (3/16)*part_13*part_137*part_138*part_64 - part_13*part_179 + (1/4)*part_13*part_220*part_77*part_91*part_92 -
        part_135*part_228 - 1/16*part_139*part_238 - part_140*part_215*part_227 - part_141*part_239 -
        part_143*(36*pair_cosine + 5*part_120 - part_142 - 12) - part_147*part_225 - part_149*(5*part_120*part_6*part_7
        - part_131 - 5*part_14 - 16*part_87) - part_169*part_221*part_222 - part_190*part_226 - part_211*part_217 +
        (1/4)*part_47*part_77*(part_13*part_223 + part_145 + part_224),)
    )
