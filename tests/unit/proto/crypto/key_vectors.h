#pragma once

#include <string_view>

// Keys that were made for these tests, and signatures over "noncedigest" that were computed by
// plain arithmetic on integers (RFC 8017 8.2, FIPS 186-4 4.6), not by the library under test.
namespace idnode::key_vectors {

inline constexpr std::string_view kNonce = "nonce";
inline constexpr std::string_view kDigest = "digest";

inline constexpr std::string_view kRsaPrivatePem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCynZzS+8rf4PbY\n"
    "eWLV/x6MApaYOevScsi/VQZa7KMP4s8rsU3EOzOVJy3gECJeVbTF+8Q5eYyzPlFL\n"
    "/QOIsppK+hU9fcsgNKMgrH1RJl2gR7n2ndc+ABeEnaVRRrN3Egsofiiyx48NmXb5\n"
    "NaTorC09iwR0t345u6ysa943M68Kb/Ae/HB7rVYKTwrszS9yZkdKqzUoSjwMDufw\n"
    "Ll7Wk7hyo+a9KowkwnKe0B2hp1OUNlSLMwnbLP9Aj0eKl8RsPSZCW/PRQK1ksXfD\n"
    "tTiKd/W4aFzHZquxW57QPbjgPyEzywSkyHxpGySnWOstXy2r03B3FdJrTPx+5VsF\n"
    "xbBVcq5TAgMBAAECggEAPxV4nnGsoO6Y8DLLDA6rUMLXQlNurSi6Kw1SDcn2+3Td\n"
    "O67G6xAHs12fj7vTD6NQkf5OOwhpf6L6Xo6xcVW3NdTmrI2hsLG2jaMuLXuR5LqA\n"
    "fRAZRb4NkFqHWVHRr7OxOi94m0/s/94cTX87S6wH3G0deUWXcLeOkGUWmkOIRnRT\n"
    "7cCs8TSegt/OiufO3ALPPAwsAhtGZmHJeGSyS9yCpQMfFj/79e+52yOnu3CqRvRU\n"
    "/ezIKD2QoT6T0Ccb1T2FSNqkdJv9D4yxnOjblCIoOVTN74Im4agyzq5HtA1dn44Y\n"
    "Rrbs22MXEXrvaydrJqzT9u6ZB12zKXRF9dw9XYR3pQKBgQDo9NtCzmhRMD4fCCmh\n"
    "gJySYPh7ALITvESDYItOI4nGZymTsUz5HXy2o5wINo/H2L5xltLsjJga8whKpqpO\n"
    "7j1EgbAPTiL7mOVNqNTiYtWBUUNqZqmevGbxX+EZ6+frQQlBfWe1KF/kmPB2FNQg\n"
    "XPbln9ptGrkA9Gclsaxv1jCmvwKBgQDESK/sCBaIC6OT620DxijxB/FWTruG+O3N\n"
    "kXGFGX1Z0gjrcukfyMJgi1e1lR2Tn02HApQ3mKdGYon6nAQyzVhzL/PLs6uCYxQo\n"
    "XKUVMa99j4plqIAPwGoXOTc6dxuP8bs+i/MmpEywhkaxQApJyd7zrlexc72iWf7k\n"
    "aBkxs5cRbQKBgHvEU5W72hqAehC8onmmvgjbMkkPho0Lso7mRTzfjrx1ZNaOFWop\n"
    "K3BRnn2Sl3NDCXOKAUgiLlHrG1WmFMfYtX5nNKX9CoMHqZRIBcq9XdfV1+542td2\n"
    "G29UVGEUP+Ryajt8KBRMfh4Sz3a8/DKxkY9QDZl34CDMuNyC+C126+Q7AoGAOGVi\n"
    "FoEkaCZf84o7IlB3RvmvP8sTWm5/dQcLBOEUARC1+2Bi1v0JzE98/fFANEAbOGVn\n"
    "TKoRtcluN5FIK4iQl1f5xldzOd1Z11b3H6XM9FifvSGy2dPBJ7cKxUOfqbYcxJXV\n"
    "YQ7n8fhCq37o9daItp8rFxNYMyOEdv/p7TvadekCgYEA2xTmoFB2eecr5o+UAXra\n"
    "u4uGAj7gmTVS5zH4DzMrYQmpX5sgC78o9xu8DKkkQzEIsE4uGm8ro5G4zI+iuPs5\n"
    "44SzMdDLmOxcyCKqBq+Srf1E+P4/dM4OXnSFubGNv0A2W73lixUe2NDwFq7ZOHFf\n"
    "ZGCStIXMo05QfDkXcRXVt3k=\n"
    "-----END PRIVATE KEY-----\n";
inline constexpr std::string_view kRsaPublicPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsp2c0vvK3+D22Hli1f8e\n"
    "jAKWmDnr0nLIv1UGWuyjD+LPK7FNxDszlSct4BAiXlW0xfvEOXmMsz5RS/0DiLKa\n"
    "SvoVPX3LIDSjIKx9USZdoEe59p3XPgAXhJ2lUUazdxILKH4ossePDZl2+TWk6Kwt\n"
    "PYsEdLd+ObusrGveNzOvCm/wHvxwe61WCk8K7M0vcmZHSqs1KEo8DA7n8C5e1pO4\n"
    "cqPmvSqMJMJyntAdoadTlDZUizMJ2yz/QI9HipfEbD0mQlvz0UCtZLF3w7U4inf1\n"
    "uGhcx2arsVue0D244D8hM8sEpMh8aRskp1jrLV8tq9NwdxXSa0z8fuVbBcWwVXKu\n"
    "UwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kRsaExponent = "010001";
inline constexpr std::string_view kRsaModulus =
    "b29d9cd2fbcadfe0f6d87962d5ff1e8c02969839ebd272c8bf55065aeca30fe2cf2bb14dc43b3395272de010225e"
    "55b4c5fbc439798cb33e514bfd0388b29a4afa153d7dcb2034a320ac7d51265da047b9f69dd73e0017849da55146"
    "b377120b287e28b2c78f0d9976f935a4e8ac2d3d8b0474b77e39bbacac6bde3733af0a6ff01efc707bad560a4f0a"
    "eccd2f7266474aab35284a3c0c0ee7f02e5ed693b872a3e6bd2a8c24c2729ed01da1a7539436548b3309db2cff40"
    "8f478a97c46c3d26425bf3d140ad64b177c3b5388a77f5b8685cc766abb15b9ed03db8e03f2133cb04a4c87c691b"
    "24a758eb2d5f2dabd3707715d26b4cfc7ee55b05c5b05572ae53";
inline constexpr std::string_view kRsaSignatureSha256 =
    "90b11bba71853c2081be1a11ec9cd2ded6827d0e03fb4292df47cf1e877820e8d6185d7a63edcf3e2cb46d5393b7"
    "78ec0d1e5962c9a02021dd6d2786fc010b9a2138dbd081e89e93400f1983d3f9925125e803492fc7e4cff10fbb6b"
    "273f3913b1529e772dee92c9f7114dd0b3b2186ed6b53c34722c4975a67d929d0f16efc085e331c5e2c7f3595a06"
    "d86a580f6f0ddbeb400dabc5ae4d3f68d1f25b5ca5f1ada4d90e4bbea836c38dc06afea8454cc9f53560707df2d2"
    "06663b08ba61ad515440a0e6d3d2435389d91c467424fce97781cb4296abbd0a54b33045705613bb37886b89b468"
    "6e4c6fe930c088585ac5ee82886e52273c2053ed39fb09206ef1";
inline constexpr std::string_view kRsaSignatureSha1 =
    "71d25218165846517b85bd3cffb23d636ef69dc48e2f5e84044d09226619b0c5e58a1d75fb42518785cdecdf4407"
    "c4bdbde9d2c8ad8ebdfeb59e5cfb76efabc0ce23d6f5a82896efb921dfd3784fb96fd3795818e2ef09be24862ab5"
    "b7915a61fee3d1bc52f1e5abee0e771e190a9d3708f152b6450948dbedc051e62f0e624776a0c6059e87dc1bb6aa"
    "a614d175159230934ec29eb1e059c014bb66dd2dd86939a2dc051b285ee26f82ea081ce386c0292df82bcc7f7db5"
    "347dbade3df3cb5ec6b936599bfcf951d6092678d173fdc47dad8eba5c589336e375275d2ddaecc94203870ffba1"
    "fe79aea31eed93004f1672485bebadf95c495d804c222c64465d";
inline constexpr std::string_view kRsaSignatureMd5 =
    "214b0c72cc708fe0c819bdea93780aeab2615e0d9882fca104175c4055946b035f2699e70856859c14840974ff07"
    "26846cb93c3ead9ab217077f7b90b5ca9fa7c77b48675af294b8e1835eb720aa99c25f0e9c34a51167417f5a0bce"
    "72af531347de3f79f8cecc83fb621d518b16fed3a7e15823117d16d3aea4ac774021fb0678e77e9d7c6b2bb942a3"
    "28dbb8f7c6d2db10b5e6e21bff65bd153f9998dab008a188e7c2a893c5cb9d94cc9e9334ea5d379d16a3b98b15a6"
    "409f9cca400f9815d80cb4d91645729039ebab4a73e33b377c3c82131f983c1ea1000952126ec75c2fe77440ed00"
    "2a90ff0a0c6b3898a91e0c76f51b8647264379431ba21798af37";

inline constexpr std::string_view kDsaPrivatePem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIICXQIBADCCAjYGByqGSM44BAEwggIpAoIBAQD/Se9z8NLcCFLhVDyjBmMc954X\n"
    "B+huHUBzm1m9VLjxSiadYJdBwFWI5Ecriu56adj9W5Ki9W8KqKVk9p0W/E+t4iUh\n"
    "Lln36gT+7KeXXhDg2p6YHeH4QgivpbjXogEtCt4OnB5AUxk/tnL1i4SisBvhft5x\n"
    "0CxqnAibclqtMPmee30m1asf3Hw9X9JaVbDK9QMYrNwk9L4bXcnLaRrCM2LQXbNF\n"
    "VG5yFtatPnEAHUyUjWdIdq9b+1DeLWjW66K/EUwoeddfomrXg6kGt7YRTrtkaw+N\n"
    "Plhz4Os5x+3UOw1pMMiZjaFlZC7hR05PQxwQcbrhLd4HCklNPai1T+Vp2zmRAh0A\n"
    "2bJjaUc+WrbgQrst4jx5RC8BM5flt+JyFpBA3QKCAQEA73WEl5w+vMyP8C0MPwQ+\n"
    "eCEvyBqOf6Tw4jZ2xFW54wb8hXjyLHmxqxBUAbUWUvDbZRIFur3QkYPohzOVoccT\n"
    "HzezhNTDsrgHWQ1geyyL3x01Vx6Nlc617YBjYfSBSTh4hU5TGCKv7M+jhk+hlUYN\n"
    "aXqgYm9FJFubwZovLo4nFUD9hts17FtxzpW1K0SF5ywOandjhMNWYEDCz6t/b34v\n"
    "bTEgmNrrawTUJxx+r7YhR45a6h9zOgW1ZyVmM02XwRMEkwrQ8E5NO3X42mOH1hOc\n"
    "dLvoggf01HJNRX/sljDicCYR+0jjQ/ZOtCD8jn1euO+dPXu8GX4iHbmiPHTyLPpn\n"
    "KQQeAhwrV2I0eQEtgLtG+LvkaSD5MiElaEzjCkmJ8SfI\n"
    "-----END PRIVATE KEY-----\n";
inline constexpr std::string_view kDsaPublicPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIDRDCCAjYGByqGSM44BAEwggIpAoIBAQD/Se9z8NLcCFLhVDyjBmMc954XB+hu\n"
    "HUBzm1m9VLjxSiadYJdBwFWI5Ecriu56adj9W5Ki9W8KqKVk9p0W/E+t4iUhLln3\n"
    "6gT+7KeXXhDg2p6YHeH4QgivpbjXogEtCt4OnB5AUxk/tnL1i4SisBvhft5x0Cxq\n"
    "nAibclqtMPmee30m1asf3Hw9X9JaVbDK9QMYrNwk9L4bXcnLaRrCM2LQXbNFVG5y\n"
    "FtatPnEAHUyUjWdIdq9b+1DeLWjW66K/EUwoeddfomrXg6kGt7YRTrtkaw+NPlhz\n"
    "4Os5x+3UOw1pMMiZjaFlZC7hR05PQxwQcbrhLd4HCklNPai1T+Vp2zmRAh0A2bJj\n"
    "aUc+WrbgQrst4jx5RC8BM5flt+JyFpBA3QKCAQEA73WEl5w+vMyP8C0MPwQ+eCEv\n"
    "yBqOf6Tw4jZ2xFW54wb8hXjyLHmxqxBUAbUWUvDbZRIFur3QkYPohzOVoccTHzez\n"
    "hNTDsrgHWQ1geyyL3x01Vx6Nlc617YBjYfSBSTh4hU5TGCKv7M+jhk+hlUYNaXqg\n"
    "Ym9FJFubwZovLo4nFUD9hts17FtxzpW1K0SF5ywOandjhMNWYEDCz6t/b34vbTEg\n"
    "mNrrawTUJxx+r7YhR45a6h9zOgW1ZyVmM02XwRMEkwrQ8E5NO3X42mOH1hOcdLvo\n"
    "ggf01HJNRX/sljDicCYR+0jjQ/ZOtCD8jn1euO+dPXu8GX4iHbmiPHTyLPpnKQOC\n"
    "AQYAAoIBAQCxMA46AF97nu40nOCC8YONEAOg+vCGw9oNzH2Eaw0XGxOE0K2krBKi\n"
    "OE/ZxPmA1rY01M0j+m45bdFsuJiNduWIhmc3FU33BqCJUJdWpFpBuMLAYBMIePjZ\n"
    "ZkbZT40PBSOwvOfv3D1vhJI1/5whjE8qeWN7kJ/2K4nARFGfgyxGorog07dkd1kw\n"
    "RZg8Zpv7EW1SP7wSy9sYSBYHwEhQPzg9hxVaCRxoWcI8jTTgXyatEujZXAxxjo9i\n"
    "Ez1jiGMaN9+cJzv3iWq8TUPd42HIqHBKo2YU3pM1wt+U8GEysJdhgQm5yacrYhUL\n"
    "FnJm3/vNJrq/RCOq2CD8+A4kb/wVi5eL\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kDsaQ =
    "d9b26369473e5ab6e042bb2de23c79442f013397e5b7e272169040dd";
inline constexpr std::string_view kDsaP =
    "ff49ef73f0d2dc0852e1543ca306631cf79e1707e86e1d40739b59bd54b8f14a269d609741c05588e4472b8aee7a"
    "69d8fd5b92a2f56f0aa8a564f69d16fc4fade225212e59f7ea04feeca7975e10e0da9e981de1f84208afa5b8d7a2"
    "012d0ade0e9c1e4053193fb672f58b84a2b01be17ede71d02c6a9c089b725aad30f99e7b7d26d5ab1fdc7c3d5fd2"
    "5a55b0caf50318acdc24f4be1b5dc9cb691ac23362d05db345546e7216d6ad3e71001d4c948d674876af5bfb50de"
    "2d68d6eba2bf114c2879d75fa26ad783a906b7b6114ebb646b0f8d3e5873e0eb39c7edd43b0d6930c8998da16564"
    "2ee1474e4f431c1071bae12dde070a494d3da8b54fe569db3991";
inline constexpr std::string_view kDsaG =
    "ef7584979c3ebccc8ff02d0c3f043e78212fc81a8e7fa4f0e23676c455b9e306fc8578f22c79b1ab105401b51652"
    "f0db651205babdd09183e8873395a1c7131f37b384d4c3b2b807590d607b2c8bdf1d35571e8d95ceb5ed806361f4"
    "81493878854e531822afeccfa3864fa195460d697aa0626f45245b9bc19a2f2e8e271540fd86db35ec5b71ce95b5"
    "2b4485e72c0e6a776384c3566040c2cfab7f6f7e2f6d312098daeb6b04d4271c7eafb621478e5aea1f733a05b567"
    "2566334d97c11304930ad0f04e4d3b75f8da6387d6139c74bbe88207f4d4724d457fec9630e2702611fb48e343f6"
    "4eb420fc8e7d5eb8ef9d3d7bbc197e221db9a23c74f22cfa6729";
inline constexpr std::string_view kDsaY =
    "b1300e3a005f7b9eee349ce082f1838d1003a0faf086c3da0dcc7d846b0d171b1384d0ada4ac12a2384fd9c4f980"
    "d6b634d4cd23fa6e396dd16cb8988d76e588866737154df706a089509756a45a41b8c2c060130878f8d96646d94f"
    "8d0f0523b0bce7efdc3d6f849235ff9c218c4f2a79637b909ff62b89c044519f832c46a2ba20d3b7647759304598"
    "3c669bfb116d523fbc12cbdb18481607c048503f383d87155a091c6859c23c8d34e05f26ad12e8d95c0c718e8f62"
    "133d6388631a37df9c273bf7896abc4d43dde361c8a8704aa36614de9335c2df94f06132b097618109b9c9a72b62"
    "150b167266dffbcd26babf4423aad820fcf80e246ffc158b978b";
inline constexpr std::string_view kDsaSignatureSha256 =
    "303d021d00cb60e5ffb2ddf55339de3dae7adb844039d24e3cf09bc0c8b107acfe021c74404d27cacc3dbbf2c7ca"
    "6584743eb03382cfe6d9765e973fb4f08a";
inline constexpr std::string_view kDsaSignatureSha1 =
    "303e021d00c59d1a413e78fa3b1ac194fb97626853a6a95b206590fd289a1551a9021d00cd44e82abc207a70d4ca"
    "b20be329f353d9bbad45d62b736b9a4422b7";

// Kinds and sizes that are not taken.
inline constexpr std::string_view kP256PublicPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUkiog/OGZLwtxISk8Q0FfKDhBQrQ\n"
    "tzFxPRrPIZNFCVU4G6Ii/PjvYI8EZAqcRK8GoVjZYskyYcq/IkW9sMsU3g==\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kX25519PublicPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VuAyEAihjrLfnThKfTVEqZTYUhdPA4XPbWUnvwoBd/51fb7yQ=\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kRsaPssPublicPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBAJ8fg0Njdv6Offg0pvcXb6N2\n"
    "8ZRH+DmrEL6n+C/JONU7VMqdCocsotPzi/OSk9NhC68Irg5eIBfsp2GOdU1nchVx\n"
    "FS24FnRr3/yaED3+U15fM6ZfMmPGdPoVNi9PFaUjPdn5dn+cRul6Enboc+brmN2V\n"
    "7yJArtau5kOHlZILte808RZSZXapUjsF8ZSoppjSyZ0mg1u77BZHBOBKu12m0yLK\n"
    "GZa5oWI/4afECiGTOw26OgSuq+BDF0Q66e4EC8Q3vjytY/JFx6YdunkMJp2cgAOZ\n"
    "9F1WqXMIkqn8f/20YA8ypyRQRhZU5V5rgLHzFQG3XxLhGQfqU3qNnJ/TKRI/atkC\n"
    "AwEAAQ==\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kRsa768PublicPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhANQbnJ2BasSVbM5IxtSYt7vIafNhHFMS\n"
    "/5KghBKJqyoJhKWaxJO73rjoXY0xKqdlCAahaggjChhwfN0R521IybOyg4UB+g5a\n"
    "+OIeQsPURBklH1BfvMhFuDANf9IdMsOHbQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
inline constexpr std::string_view kRsaEncryptedPem =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIBeX9wk0sdBACAggA\n"
    "MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBByNgbXF7Dt6CpybTQufhQmBIIE\n"
    "0DBPvoY5JD1pgUkVxIXTuEmqmt2SAHVgmM7VZDx9a0rlhS7DyjomaHQOHpYR5i4e\n"
    "qsX1lGIHH45iI/vF59Pnr91VjzAObI+uzhSKq/8JMPczqpv6jiAj/ssIkH5ZP1Hk\n"
    "9kr6AHAJPkANdGxHxm65zL/cMy1Etrbhug9oCpQZYaaE4DGzNsfau/fZkNd/xXeo\n"
    "1NL6JSYzpDmjMtEhvmyeX8+XszyXV85VV55VNDXBAZtQA2ylu77/yBMdbCLQxmnr\n"
    "l0QfV9ZWHOdUBaBg7uDjnz1hRw8+FlQEfnMrFQjYiV/m5ye07SrMRJMkjwD1ThAf\n"
    "8SS+UvZ4GqY1rld4X1Ebp1I4I3ZkggXQb62nWXoasE2R1ebH9mgabUX4zH7Tt5eb\n"
    "RPk2B8EZ36ORmhPbERHa2Qsj86cTLoGOZDhZgC9E+H3uIvm5ldiNzu0aKyRQRRDf\n"
    "p6X5NcDz5mghCoSBkWurzMfPXVt7V0tCwTRMbQCvaDpGyX+jEksxZUX72KatPXlo\n"
    "dQqz9EJWX2nGqHgJliRGCRdI0ktweIjbGkwuA0viEXPZi+hk2DZAg9ngTllMaw/o\n"
    "5WgUKsJOLgzqpB4n+b+FJ1R5YkC25NFRKTq+Pb3zT2Kkk20zepnxpO7QkZFu06FZ\n"
    "4GwWhYsTFE2J7VTMjZsKezpxXId44N2JdhLvQKem/cN0CsLGy6rQP3YRhuOnnMhr\n"
    "48xZzxQ27DatDLUxpvp6zI+veaWahTleHTfmZNmuq4AO8TGUUVOnHtgckNAXfre0\n"
    "1ltnXpe5PKtiYtRnB9+oY11edpS6daNE1shemSMTEIodwrqNAwiTS+BwcBizKFJn\n"
    "FLM1tMkyyKpt1TzYR3EPjIezfrs3/Sfq41rkqy4MKG90t6zS4jLcJJNBhgCZB6ZQ\n"
    "6xITokM9KWago/DRXs3znLKUJf01pGMeDIAbB2OD8VpyyKEXCCp1o0L4VSpkzt6W\n"
    "cGVi5Thj7Rp+YSTPex7BsGGPZGF90xT4i3FfFb25M+i3ij1of7mJ/rE/e56oPKJ4\n"
    "dckD5YtEejgzvpNRFu504m0I8AZpqNKQgFbmMWOCXza7YUfSRLR5rgBhNOvtmlGj\n"
    "UvwlK/uKySt4TYcOvp7uqXH5A5deiaLfcfTHLqLXAjg3H0uHkEpv+Sk+zEO9pbhl\n"
    "VvXSdEeRAP4ikcujgidm9DieKNaTEUSX66G0bBnib/J3s1pAgpjX2HOye0Ywm7vD\n"
    "/nKHkJXgsZmsRok58qtxWE/Lm9chTqTfds0Ky7q5/wshzuGBPTuaj+eHoW/zseC9\n"
    "gvxzP7wqxJWm1yFIhpht7UlSkQF04WWBtas6+D0kooHq2pSLidrrVqwVNIGZG5Pj\n"
    "jOYFNsexEaSQcIruASCckxs2lI4us26+JSzvLsv7PNO4F/0818unNvZREPOZBoxo\n"
    "JyDuxfw7PX0aca5Gms8w13KES56SZbRfHcVyTvdRIAgjUHtSTmgsWtQb/onFTvos\n"
    "4JBLXumBWvzHIKLUu+F2wcklUeMUB1jN1IcfEjNuWEoMGJ3aqeBZPzguQ8VZB/MA\n"
    "GsGAio9xwKkfv4/4ZfUxTAXBRxT4tIm5AyFzxFjE0WidCMltNrK31RiHS5DfO4TI\n"
    "hvs3NdPA0BV8cs+I2goSmmr/7zC8RKgdrbvtrVt4PHTC\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

}  // namespace idnode::key_vectors
