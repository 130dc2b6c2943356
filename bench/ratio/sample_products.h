#pragma once

#include <cstdint>
#include <string>

#include "proto/gs1/path.h"
#include "storage/store.h"

namespace idnode::bench {

// Trade items of the company 69012 and their serials, as GS1 identifiers are registered: a product
// has an address that its number fills, a serial a history of its own.
struct SampleProducts {
  uint64_t products = 0;
  uint64_t with_serials = 0, serials = 0;  // The first products, and how many each has.
  uint64_t large_serials = 0;              // Of the last product.
};

// /01/06901200000002, and with its serial /01/06901200000002/21/S0000000.
std::string ProductText(uint64_t product);
std::string SerialText(uint64_t product, uint64_t serial);
// Of such a text. Stops the program when it is none.
Gs1Path PathOf(const std::string& text);

// Registers them in an empty store, whose ledger runs, under an enterprise of their own.
void Fill(Store& store, const SampleProducts& sample);

}  // namespace idnode::bench
