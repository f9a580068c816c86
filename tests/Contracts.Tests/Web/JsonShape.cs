using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Hype.Contracts.Tests.Web;

/// <summary>Compares the JSON of a record with its TypeScript declaration.</summary>
internal static class JsonShape
{
    /// <summary>
    /// Returns true if a field may be absent. A server omits a null field, and also a field with its default value if the record declares
    /// that; a client may omit an optional parameter.
    /// </summary>
    public static bool MayBeAbsent(JsonTypeInfo type, JsonPropertyInfo property, bool fromClient)
    {
        if (fromClient)
            return property.AssociatedParameter is { HasDefaultValue: true };
        var condition = ConditionOf(type.Type, property);
        return condition switch
        {
            JsonIgnoreCondition.Never => false,
            JsonIgnoreCondition.WhenWritingDefault => true,
            _ => property.IsGetNullable,
        };
    }

    /// <summary>
    /// Returns true if a TypeScript type fits a .NET type. It may narrow a string to a union of names, but must not change the kind.
    /// </summary>
    public static bool Fits(Type type, string declared)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var alternatives = declared.Split('|', StringSplitOptions.TrimEntries).Where(part => part != "null").ToArray();
        if (type == typeof(bool))
            return alternatives is ["boolean"];
        if (IsNumber(type))
            return alternatives is ["number"];
        if (type == typeof(string) || type == typeof(DateTimeOffset))
            return alternatives is not (["boolean"] or ["number"]) && !declared.Contains("[]");
        if (typeof(IDictionary).IsAssignableFrom(type) || type.Name.Contains("Dictionary", StringComparison.Ordinal))
            return declared.StartsWith("Record<", StringComparison.Ordinal);
        if (type.IsArray)
            return declared.EndsWith("[]", StringComparison.Ordinal);
        return alternatives is not (["boolean"] or ["number"] or ["string"]);
    }

    /// <summary>
    /// Returns true if the JSON form of a type is a number. The number types of the cluster (<c>LayoutEpoch</c>, <c>MemberNumber</c> …)
    /// are written as their values.
    /// </summary>
    private static bool IsNumber(Type type) =>
        !type.IsEnum && (Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal
            || (type.IsValueType && type.GetProperty("Value") is { } value && IsNumber(value.PropertyType)));

    private static JsonIgnoreCondition? ConditionOf(Type type, JsonPropertyInfo property) => type.GetProperties()
        .Single(candidate => JsonNamingPolicy.CamelCase.ConvertName(candidate.Name) == property.Name
            || candidate.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase))
        .GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true)
        .Cast<JsonIgnoreAttribute>()
        .SingleOrDefault()?.Condition;
}
