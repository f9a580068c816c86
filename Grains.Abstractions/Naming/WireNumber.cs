using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hype.Grains.Abstractions.Naming;

/// <summary>A typed number (for example a member number) that is a plain number in JSON.</summary>
public interface IWireNumber<TSelf> where TSelf : struct, IWireNumber<TSelf>
{
    /// <summary>Returns the value as a JSON number.</summary>
    long ToWire();

    /// <summary>Reads the value of a JSON number; returns false if it is outside the range of the type.</summary>
    static abstract bool TryFromWire(long wire, out TSelf value);
}

/// <summary>Converts a typed number (<see cref="IWireNumber{TSelf}"/>) to and from a JSON number.</summary>
public sealed class WireNumber<T> : JsonConverter<T> where T : struct, IWireNumber<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var wire) && T.TryFromWire(wire, out var value)
            ? value
            : throw new JsonException($"A whole number in the range of {typeof(T).Name} was expected.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToWire());
}
