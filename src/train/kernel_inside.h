/* kernel_inside: vectors, and functions of them, for the kernels. */
#ifndef TRAIN_KERNEL_INSIDE_H
#define TRAIN_KERNEL_INSIDE_H

#include "base/interrupt.h"
#include "train/kernels.h"

#ifndef SET /* a file of them that is looked at alone, not by kernel_set.c */
#pragma GCC diagnostic ignored "-Wunused-function"
#endif

#define INLINE static inline __attribute__((always_inline))
#ifdef UNROLL /* the Makefile leaves it empty where a sanitizer checks each step */
#elif defined(__clang__) /* with GCC's word it unrolls too late: tiles stay in memory */
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* One register, and how much of each tile stays in registers: its sums, a vector or two
 * of what comes in, and a number for all lanes. */
#if defined(__AVX512F__) /* 32 registers */
enum { VEC_BYTES = 64, TALL = 8, STRIPS = 2, FILTERS = 4, SLOPES = 8 };
#elif defined(__AVX2__) /* 16 of them */
enum { VEC_BYTES = 32, TALL = 6, STRIPS = 1, FILTERS = 3, SLOPES = 4 };
#else                   /* the same, and a product needs one of its own */
enum { VEC_BYTES = 16, TALL = 3, STRIPS = 1, FILTERS = 2, SLOPES = 2 };
#endif
typedef float vec __attribute__((vector_size(VEC_BYTES), may_alias));
typedef int ivec __attribute__((vector_size(VEC_BYTES), may_alias));
typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

#define WIDE (sizeof(vec) / sizeof(float))
#define PARTS (LANES / WIDE) /* registers of a strip */

#define SPLAT(x) ((x) - (vec){0}) /* x − 0 is x, even −0: nothing to work out */
#define MINUS_ZERO ((ivec){0} + (int)0x80000000)
#if defined(__AVX2__) && !defined(__AVX512F__)
#define CHOOSE(mask, yes, no) \
    ((vec)_mm256_blendv_ps((__m256)(no), (__m256)(yes), (__m256)(mask)))
#else
#define CHOOSE(mask, yes, no) ((vec)(((mask) & (ivec)(yes)) | (~(mask) & (ivec)(no))))
#endif

/* sum += a·b, once rounded where the set has fused products: the same number either
 * way. Said in assembly on AVX2, where a tile fills all 16 registers and GCC 12 would
 * keep some of its sums in memory, each waiting for its own last store. */
#if defined(__AVX2__) && !defined(__AVX512F__)
#define ADD_PRODUCT(sum, a, b) \
    __asm__("vfmadd231ps %2, %1, %0" : "+x"(sum) : "x"((vec)(a)), "x"((vec)(b)))
#else
#define ADD_PRODUCT(sum, a, b) ((sum) += (a) * (b))
#endif

/* e^x, within 2 units in the last place between −87 and 88 (Cephes' expf). */
#define VEC_EXP(to, x)                                                            \
    do {                                                                          \
        vec x_ = (x);                                                             \
        x_ = CHOOSE(x_ < -87.0f, SPLAT(-87.0f), x_);                              \
        x_ = CHOOSE(x_ > 88.0f, SPLAT(88.0f), x_);                                \
        vec n_ = x_ * 1.44269504f + 12582912.0f; /* 1.5·2^23: rounds to whole */ \
        ivec i_ = (ivec)n_ << 23;                                                 \
        n_ -= 12582912.0f;                                                        \
        vec r_ = x_ - n_ * 0.693359375f + n_ * 2.12194440e-4f;                    \
        vec p_ = r_ * 1.9875691500e-4f + 1.3981999507e-3f;                        \
        p_ = p_ * r_ + 8.3334519073e-3f;                                          \
        p_ = p_ * r_ + 4.1665795894e-2f;                                          \
        p_ = p_ * r_ + 1.6666665459e-1f;                                          \
        p_ = p_ * r_ + 5.0000001201e-1f;                                          \
        p_ = p_ * r_ * r_ + r_ + 1.0f;                                            \
        (to) = (vec)((ivec)p_ + i_);                                              \
    } while (0)

#endif
