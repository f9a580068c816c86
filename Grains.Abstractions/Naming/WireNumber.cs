using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hype.Grains.Abstractions.Naming;

/// <summary>A number with a type of its own that JSON carries as a plain number.</summary>
public interface IWireNumber<TSelf> where TSelf : struct, IWireNumber<TSelf>
{
    /// <summary>The value as a JSON number.</summary>
    long ToWire();

    /// <summary>Reads a JSON number; false when it is outside the type's range.</summary>
    static abstract bool TryFromWire(long wire, out TSelf value);
}

/// <summary>Converts an <see cref="IWireNumber{TSelf}"/> from and to a JSON number.</summary>
public sealed class WireNumber<T> : JsonConverter<T> where T : struct, IWireNumber<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var wire) && T.TryFromWire(wire, out var value)
            ? value
            : throw new JsonException($"A whole number in the range of {typeof(T).Name} was expected.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToWire());
}
