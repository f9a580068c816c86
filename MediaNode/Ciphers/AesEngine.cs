using System.Runtime.Intrinsics.X86;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Hype.MediaNode.Ciphers;

/// <summary>The AES implementation of the packet path.</summary>
public enum AesEngine
{
    /// <summary>The processor's AES and carry-less multiplication instructions if it has them, otherwise OpenSSL.</summary>
    Auto,

    /// <summary>OpenSSL of the system, always.</summary>
    OpenSsl,
}

internal static class AesEngines
{
    /// <summary>True if the engine uses the processor's own instructions. On arm64 it uses OpenSSL.</summary>
    public static bool UsesInstructions(this AesEngine engine) =>
        engine == AesEngine.Auto && X86Aes.IsSupported && Pclmulqdq.IsSupported && Ssse3.IsSupported;
}
