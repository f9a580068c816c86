namespace Hype.Testing.Vectors;

/// <summary>The test cases of McGrew and Viega's GCM submission to NIST (appendix B): AES-128, AES-256, 96-bit nonces.</summary>
public static class Nist
{
    private const string Nonce0 = "000000000000000000000000";
    private const string Nonce = "cafebabefacedbaddecaf888";
    private const string Key = "feffe9928665731c6d6a8f9467308308";
    private const string Associated = "feedfacedeadbeeffeedfacedeadbeefabaddad2";

    private const string Plaintext =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

    private static readonly string Zero16 = new('0', 32);
    private static readonly string Zero32 = new('0', 64);

    public static readonly GcmCase[] Gcm =
    [
        new(1, Zero16, Nonce0, "", "", "", "58e2fccefa7e3061367f1d57a4e7455a"),
        new(2, Zero16, Nonce0, "", Zero16, "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf"),
        new(3, Key, Nonce, "", Plaintext + "1aafd255",
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985",
            "4d5c2af327cd64a62cf35abd2ba6fab4"),
        new(4, Key, Nonce, Associated, Plaintext,
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
            "5bc94fbc3221a5db94fae95ae7121a47"),
        new(13, Zero32, Nonce0, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
        new(14, Zero32, Nonce0, "", Zero16, "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"),
        new(16, Key + Key, Nonce, Associated, Plaintext,
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"),
    ];
}

/// <summary>One test case of GCM; all values are hexadecimal.</summary>
public sealed record GcmCase(int Number, string Key, string Nonce, string AssociatedData, string Plaintext, string Ciphertext, string Tag);
