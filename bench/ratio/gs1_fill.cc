// Fills the data directory of a node, which does not run, with products and their serials:
//
//   gs1_fill DIRECTORY PRODUCTS WITH_SERIALS SERIALS LARGE_SERIALS

#include <cstdio>
#include <cstdlib>

#include "bench/ratio/sample_products.h"
#include "bench/ratio/scratch.h"

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("gs1_fill DIRECTORY PRODUCTS WITH_SERIALS SERIALS LARGE_SERIALS\n", stderr);
    return 64;
  }
  const auto number = [argv](int place) { return std::strtoull(argv[place], nullptr, 10); };
  const auto store = idnode::bench::OpenStore(argv[1], "secondary", 64u << 20);
  idnode::bench::Fill(*store, {number(2), number(3), number(4), number(5)});
  store->Close();
  return 0;
}
