namespace Hype.Gateway.Tests.Testing;

/// <summary>Damages sample texts randomly, as a bad network, a bug or an attacker may.</summary>
internal static class Mutation
{
    public static byte[] Of(byte[][] samples, Random random)
    {
        var bytes = new List<byte>(samples[random.Next(samples.Length)]);
        for (var times = random.Next(4); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: // a byte changes
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1: // one bit changes
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2: // the end is missing
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3: // a piece in the middle is missing
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                case 4: // a piece is repeated
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(200, bytes.Count - at))));
                    break;
                case 5: // a piece of another sample is inserted
                    var other = samples[random.Next(samples.Length)];
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..(from + random.Next(other.Length - from))]);
                    break;
            }
        }

        return [.. bytes];
    }
}
