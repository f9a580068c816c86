using System.Runtime.Intrinsics.X86;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Hype.MediaNode.Ciphers;

/// <summary>The AES implementation that encrypts and decrypts media packets.</summary>
public enum AesEngine
{
    /// <summary>AES on the processor's AES and carry-less multiplication instructions if it has them, otherwise in OpenSSL.</summary>
    Auto,

    /// <summary>The system's OpenSSL library, on every processor.</summary>
    OpenSsl,
}

internal static class AesEngines
{
    /// <summary>
    /// Returns true if AES runs on the processor's own instructions, and false if it runs in OpenSSL, as always on arm64.
    /// </summary>
    public static bool UsesInstructions(this AesEngine engine) =>
        engine == AesEngine.Auto && X86Aes.IsSupported && Pclmulqdq.IsSupported && Ssse3.IsSupported;
}
