using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace CniPS.Rooms.Tests;

/// <summary>A type that names another one of its assembly. Both have no outer type; theirs are counted as they.</summary>
/// <param name="From">The type's room (namespace) and name.</param>
/// <param name="To">The other's.</param>
internal readonly record struct TypeUse((string Room, string Name) From, (string Room, string Name) To)
{
    public override string ToString() => $"{From.Room}.{From.Name} uses {To.Room}.{To.Name}";
}

/// <summary>
/// Which types of an assembly name which others of it: in signatures, attributes and method bodies, those of lambdas and iterators included. (ArchUnitNET 0.13.5
/// reads the same files, but overlooked 7 of the 251 pairs of rooms that use each other.) A constant is no use: the compiler leaves its value only.
/// </summary>
internal sealed class UseReader
{
    private readonly ModuleDefinition _module;
    private readonly HashSet<TypeUse> _uses = [];

    private UseReader(ModuleDefinition module) => _module = module;

    /// <summary>Reads an assembly.</summary>
    /// <returns>The rooms (namespaces) that it has, and who uses what.</returns>
    internal static (IReadOnlyCollection<string> Rooms, IReadOnlyCollection<TypeUse> Uses) Read(string file)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(file);
        var reader = new UseReader(module);
        List<TypeDefinition> types = [.. module.Types.Where(type => IsOurs(type))];
        foreach (TypeDefinition type in types)
        {
            reader.Walk(type, type);
        }

        return ([.. types.Select(type => type.Namespace).Distinct()], reader._uses);
    }

    private static bool IsOurs(TypeReference type) => type.Namespace.StartsWith("CniPS", StringComparison.Ordinal);

    private void Walk(TypeDefinition top, TypeDefinition type)
    {
        Use(top, type.BaseType);
        Use(top, type);
        Attributes(top, type);
        Constraints(top, type);
        foreach (InterfaceImplementation implemented in type.Interfaces)
        {
            Use(top, implemented.InterfaceType);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            Use(top, field.FieldType);
            Attributes(top, field);
        }

        foreach (PropertyDefinition property in type.Properties)
        {
            Attributes(top, property);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            Walk(top, method);
        }

        foreach (TypeDefinition nested in type.NestedTypes)
        {
            Walk(top, nested);
        }
    }

    private void Walk(TypeDefinition top, MethodDefinition method)
    {
        Signature(top, method);
        Attributes(top, method);
        Constraints(top, method);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            Attributes(top, parameter);
        }

        if (!method.HasBody)
        {
            return;
        }

        foreach (TypeReference type in method.Body.Variables.Select(variable => variable.VariableType)
            .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType)))
        {
            Use(top, type);
        }

        foreach (object operand in method.Body.Instructions.Select(instruction => instruction.Operand))
        {
            switch (operand)
            {
                case MethodReference called:
                    Use(top, called.DeclaringType);
                    Signature(top, called);
                    break;
                case FieldReference field:
                    Use(top, field.DeclaringType);
                    Use(top, field.FieldType);
                    break;
                case TypeReference named:
                    Use(top, named);
                    break;
            }
        }
    }

    private void Signature(TypeDefinition top, MethodReference method)
    {
        Use(top, method.ReturnType);
        foreach (TypeReference type in method.Parameters.Select(parameter => parameter.ParameterType)
            .Concat(method is GenericInstanceMethod generic ? generic.GenericArguments : []))
        {
            Use(top, type);
        }
    }

    private void Constraints(TypeDefinition top, IGenericParameterProvider generic)
    {
        foreach (GenericParameterConstraint constraint in generic.GenericParameters.SelectMany(parameter => parameter.Constraints))
        {
            Use(top, constraint.ConstraintType);
        }
    }

    // What an attribute of another assembly is given can't be read without that assembly: it is never a type of ours.
    private void Attributes(TypeDefinition top, ICustomAttributeProvider marked)
    {
        foreach (CustomAttribute attribute in marked.CustomAttributes)
        {
            Use(top, attribute.AttributeType);
            foreach (object value in Values(attribute))
            {
                Use(top, value as TypeReference);
            }
        }
    }

    private static IEnumerable<object> Values(CustomAttribute attribute)
    {
        try
        {
            return [.. attribute.ConstructorArguments.Select(argument => argument.Value), .. attribute.Properties.Select(property => property.Argument.Value)];
        }
        catch (AssemblyResolutionException)
        {
            return [];
        }
    }

    private void Use(TypeDefinition top, TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                Use(top, generic.ElementType);
                foreach (TypeReference argument in generic.GenericArguments)
                {
                    Use(top, argument);
                }

                return;
            case TypeSpecification made:
                Use(top, made.ElementType);
                return;
        }

        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        if (type.Scope == _module && IsOurs(type) && type.FullName != top.FullName)
        {
            _uses.Add(new TypeUse((top.Namespace, top.Name), (type.Namespace, type.Name)));
        }
    }
}
