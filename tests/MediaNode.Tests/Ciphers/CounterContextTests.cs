using CsCheck;
using Hype.MediaNode.Ciphers;

namespace Hype.MediaNode.Tests.Ciphers;

public sealed class CounterContextTests
{
    [Test]
    public void The_instructions_give_the_key_stream_of_OpenSSL() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[16], Gen.Byte.Array[32]), Gen.Byte.Array[14], Gen.Byte.Array[0, 1500]).Sample(
            (key, salt, text) =>
            {
                byte[] iv = [.. salt, 0, 0];
                using var instructions = CounterContext.Create(AesEngine.Auto, key);
                using var library = CounterContext.Create(AesEngine.OpenSsl, key);
                var (ours, theirs) = (new byte[text.Length], (byte[])text.Clone());
                instructions.Transform(iv, text, ours);
                library.Transform(iv, theirs, theirs);
                return ours.AsSpan().SequenceEqual(theirs);
            },
            iter: 20_000);
}
