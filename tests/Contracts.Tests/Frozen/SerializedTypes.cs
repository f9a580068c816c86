using System.Globalization;
using System.Reflection;
using Orleans.CodeGeneration;

namespace Hype.Contracts.Tests.Frozen;

/// <summary>Reads from the assemblies the types that Orleans sends over the wire and stores in the database.</summary>
internal static class SerializedTypes
{
    private static readonly Type[] Types =
    [
        .. new[] { "Hype.Grains.Abstractions", "Hype.Grains", "Hype.Silo" }
            .SelectMany(assembly => Assembly.Load(assembly).GetTypes())
            .Where(type => !type.FullName!.StartsWith("OrleansCodeGen", StringComparison.Ordinal)),
    ];

    /// <summary>
    /// Returns one line per member of a type (<c>hype.Layout[0] Epoch: Int32</c>), per value of an enum and per method of a grain.
    /// </summary>
    public static IEnumerable<string> Lines() => Types
        .SelectMany(type => IsGrainInterface(type) ? Methods(type) : type.IsEnum && Alias(type) is not null ? Values(type)
            : IsSerialized(type) ? Members(type) : [])
        .Order(StringComparer.Ordinal);

    /// <summary>Returns the types and methods that Orleans sends or stores under their .NET names, which a rename would change.</summary>
    public static IEnumerable<string> WithoutAlias() => Types
        .Where(type => (IsSerialized(type) || IsGrainInterface(type)) && Alias(type) is null)
        .Select(type => type.FullName!)
        .Concat(Types.Where(IsGrainInterface).SelectMany(Calls).Where(method => Alias(method) is null)
            .Select(method => $"{method.DeclaringType}.{method.Name}"));

    /// <summary>
    /// Returns the interfaces of grains with their versions and their methods. A gateway's observer has no version: Orleans places only
    /// grains by version.
    /// </summary>
    public static IEnumerable<GrainInterface> GrainInterfaces() => Types
        .Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type))
        .Select(type => new GrainInterface(
            Alias(type)!,
            type.GetCustomAttribute<VersionAttribute>()?.Version ?? 0,
            [.. Methods(type).Order(StringComparer.Ordinal)]));

    private static bool IsGrainInterface(Type type) => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type);

    private static bool IsSerialized(Type type) => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null;

    private static IEnumerable<string> Members(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Select(member => (Member: member, Id: member.GetCustomAttribute<IdAttribute>()?.Id))
        .Where(member => member.Id is not null)
        .Select(member => $"{Alias(type)}[{member.Id}] {member.Member.Name}: {NameOf(TypeOf(member.Member))}")
        // A type without members is identified by its name alone.
        .DefaultIfEmpty($"{Alias(type)}{(type.BaseType is { } parent && Alias(parent) is { } name ? $": {name}" : "")}");

    private static IEnumerable<string> Values(Type type) =>
        Enum.GetNames(type).Select(
            name => $"{Alias(type)}.{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");

    private static IEnumerable<string> Methods(Type type) =>
        from method in Calls(type)
        let parameters = string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)))
        select $"{Alias(type)}.{Alias(method)}({parameters}): {NameOf(method.ReturnType)}";

    /// <summary>Returns the instance methods of a grain interface; its static methods are helpers for callers.</summary>
    private static MethodInfo[] Calls(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Instance);

    private static string? Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    private static Type TypeOf(MemberInfo member) =>
        member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static string NameOf(Type type)
    {
        if (Alias(type) is { } alias)
            return alias;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return $"{NameOf(inner)}?";
        if (type.IsArray)
            return $"{NameOf(type.GetElementType()!)}[]";
        return type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : type.Name;
    }
}
